package io.selkie.node.recovery;

import io.selkie.chain.Devnet;
import io.selkie.rpc.RpcFault;
import io.selkie.rpc.api.BackupReport;
import io.selkie.rpc.api.DoctorFilter;
import io.selkie.rpc.api.DoctorReport;
import io.selkie.rpc.api.RecoveryApi;
import io.selkie.store.SqlJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** The doctor and the backup of a running node, one at a time. Thread-safe. */
public final class RecoveryService implements RecoveryApi {

  /** Below the repository; the one directory in which callers may have backups made. */
  static final String BACKUPS = "backups";

  private final Path repo;
  private final SqlJournal journal;
  private final Devnet chain;
  private final Doctor doctor;
  private final ReentrantLock lock = new ReentrantLock();

  public RecoveryService(Path repo, SqlJournal journal, Devnet chain, Doctor doctor) {
    this.repo = repo;
    this.journal = journal;
    this.chain = chain;
    this.doctor = doctor;
  }

  @Override
  public DoctorReport doctor(DoctorFilter filter) throws RpcFault, InterruptedException {
    return alone(() -> doctor.look(filter));
  }

  @Override
  public DoctorReport doctorApply(DoctorFilter filter, String plan)
      throws RpcFault, InterruptedException {
    return alone(() -> doctor.apply(filter, plan));
  }

  @Override
  public BackupReport backupCreate(String name) throws RpcFault, InterruptedException {
    return alone(() -> {
      Path target = RepoBackup.named(repo.resolve(BACKUPS), name);
      return BackupView.report(
          target, RepoBackup.write(repo, journal, Optional.of(chain), target, Instant.now()));
    });
  }

  private interface Work<T> {
    T run() throws IOException, Doctor.PlanChanged;
  }

  private <T> T alone(Work<T> work) throws RpcFault, InterruptedException {
    lock.lockInterruptibly();
    try {
      return work.run();
    } catch (IOException | Doctor.PlanChanged refused) {
      throw new RpcFault(String.valueOf(refused.getMessage()));
    } finally {
      lock.unlock();
    }
  }
}
