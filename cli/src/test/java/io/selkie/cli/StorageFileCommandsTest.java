package io.selkie.cli;

import static io.selkie.cli.FakeNode.status;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StorageFileCommandsTest extends CommandLineTest {

  private void twoSectors() {
    node.on("ActorAddress", "\"t01000\"")
        .on("SectorsList", "[10,9]")
        .on(
            "SectorsStatus",
            params ->
                status(
                    params.get(0).asLong(),
                    params.get(0).asInt() == 9 ? "Proving" : "Removed",
                    "{}"))
        .on(
            "StorageFindSector",
            params ->
                switch (params.get(0).path("Number").asInt() * 100 + params.get(1).asInt()) {
                  case 901 ->
                      "[{\"ID\":\"aa\",\"URLs\":[\"u\"],\"CanSeal\":true,\"Primary\":false}]";
                  case 902 ->
                      "[{\"ID\":\"bb\",\"URLs\":[\"v\",\"w\"],\"CanStore\":true,\"Primary\":true}]";
                  case 1002 -> "[{\"ID\":\"aa\",\"URLs\":[],\"CanSeal\":true,\"CanStore\":false}]";
                  default -> "[]";
                })
        .onSelkie("MinerSectorSets", "{\"Live\":[9,1],\"Active\":[0],\"Faulty\":[9,1]}");
  }

  @Test
  void listSectors_files_areByPath() {
    twoSectors();

    assertThat(run("storage", "list", "sectors").out())
        .isEqualTo(
            """
            Storage  Sector  Type      State    Faulty  Primary  Path use  URLs
            bb       9       sealed    Proving  faulty  primary  store     v;w\s
            aa       9       unsealed  Proving  faulty           seal      u  \s
            aa       10      sealed    Removed                   seal         \s
            """);
    assertThat(run("storage", "list", "sectors", "--json").out().lines())
        .first()
        .isEqualTo(
            "{\"Storage\":\"bb\",\"Sector\":9,\"Type\":\"sealed\",\"State\":\"Proving\","
                + "\"Faulty\":true,\"Primary\":true,\"CanSeal\":null,\"CanStore\":true,"
                + "\"URLs\":[\"v\",\"w\"]}");
    assertThat(run("storage", "list", "sectors", "--color").out())
        .contains("\u001b[34mbb\u001b[0m", "\u001b[36maa\u001b[0m", "\u001b[31mfaulty\u001b[0m");
  }

  @Test
  void locks_held_areShownByKind() {
    twoSectors();
    node.on(
        "StorageGetLocks",
        "{\"Locks\":[{\"Sector\":{\"Miner\":1000,\"Number\":9},"
            + "\"Write\":[1,0,0,0,0,0],\"Read\":[0,2,0,0,0,0]}]}");
    assertThat(run("storage", "locks").out()).isEqualTo("9\tProving\tunsealed(W) sealed(R:2) \n");
    assertThat(run("storage", "locks", "--json").out())
        .isEqualTo(
            "{\"Sector\":9,\"State\":\"Proving\",\"Write\":[1,0,0,0,0,0],\"Read\":[0,2,0,0,0,0]}\n");
    node.on("StorageGetLocks", "{\"Locks\":[]}");
    assertThat(run("storage", "locks").out()).isEmpty();
  }

  @Test
  void cleanup_removedSectorsWithFiles_areRemovedAgain() {
    node.on("StorageList", "{\"aa\":[{\"Number\":9},{\"Number\":10}],\"bb\":[{\"Number\":10}]}")
        .on("SectorsListInStates", "[10,11]")
        .on("SectorRemove", "null");

    assertThat(run("storage", "cleanup").out()).isEqualTo("cleaning up data for sector 10\n");
    assertThat(node.callsOf("SectorRemove").toString()).isEqualTo("[[10]]");
    assertThat(run("storage", "cleanup", "--json").out())
        .isEqualTo("{\"Sector\":10,\"Error\":\"\"}\n");
    assertThat(run("storage", "cleanup", "--no-removed").out()).isEmpty();
  }
}
