package io.selkie.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds the compiled classes to the module table of docs/ARCHITECTURE.md. The table is data: a new
 * arrow is a change here and there, and a reviewer sees it.
 */
class ModuleRulesTest {

  private static final Map<String, Set<String>> MAY_DEPEND_ON =
      Map.ofEntries(
          Map.entry("abi", Set.of()),
          Map.entry("proofs", Set.of("abi")),
          Map.entry("proofs.simd", Set.of("proofs")),
          Map.entry("pipeline", Set.of("abi")),
          Map.entry("rpc", Set.of("abi")),
          Map.entry("store", Set.of("pipeline", "abi")),
          Map.entry("storage", Set.of("pipeline", "proofs", "abi")),
          Map.entry("chain", Set.of("pipeline", "proofs", "rpc", "abi")),
          Map.entry("parquet", Set.of()),
          Map.entry("cli", Set.of("rpc", "parquet", "abi")),
          Map.entry("dashboard", Set.of("rpc", "abi")),
          Map.entry(
              "node",
              Set.of(
                  "abi",
                  "proofs",
                  "proofs.simd",
                  "pipeline",
                  "rpc",
                  "store",
                  "storage",
                  "chain",
                  "cli",
                  "dashboard")),
          Map.entry("testkit", Set.of("pipeline", "abi")));

  /** Modules whose shipped classes may use nothing but the JDK and JSpecify's annotations. */
  private static final Set<String> WITHOUT_LIBRARIES = Set.of("abi", "proofs", "proofs.simd");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.selkie");

  @Test
  void modules_compiledClasses_keepToTheTable() {
    Set<String> offences = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      moduleOf(from)
          .ifPresent(module -> {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
              moduleOf(dependency.getTargetClass().getBaseComponentType())
                  .filter(target -> !target.equals(module))
                  .filter(target -> !MAY_DEPEND_ON.getOrDefault(module, Set.of()).contains(target))
                  .ifPresent(target ->
                      offences.add(
                          module + " sees " + target + ": " + dependency.getDescription()));
            }
          });
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void core_compiledClasses_useNoLibrary() {
    Set<String> offences = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      if (moduleOf(from).filter(WITHOUT_LIBRARIES::contains).isEmpty()) {
        continue;
      }
      for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (!target.isEmpty()
            && !target.startsWith("java.")
            && !target.startsWith("jdk.incubator.vector")
            && !target.startsWith("io.selkie.")
            && !target.startsWith("org.jspecify.")) {
          offences.add(from.getName() + " uses " + target);
        }
      }
    }
    assertThat(offences).isEmpty();
  }

  /** The second key at the level of files: whoever has some removed has looked at the chain. */
  @Test
  void removalPermits_shippedClasses_areMadeByOneAlone() {
    Set<String> makers = new TreeSet<>();
    for (JavaClass from : CLASSES) {
      from.getMethodCallsFromSelf().stream()
          .filter(call ->
              call.getTargetOwner().getName().equals("io.selkie.pipeline.RemovalPermit")
                  && call.getName().equals("of"))
          .forEach(_ -> makers.add(from.getName()));
    }
    assertThat(makers).containsExactly("io.selkie.pipeline.RemovalStates");
  }

  @Test
  void table_everyModule_hasClasses() {
    Set<String> seen = new TreeSet<>();
    CLASSES.forEach(each -> moduleOf(each).ifPresent(seen::add));
    assertThat(seen).containsAll(MAY_DEPEND_ON.keySet());
  }

  private static Optional<String> moduleOf(JavaClass type) {
    String name = type.getPackageName();
    if (!name.startsWith("io.selkie.")) {
      return Optional.empty();
    }
    String inner = name.substring("io.selkie.".length());
    if (inner.equals("proofs.simd") || inner.startsWith("proofs.simd.")) {
      return Optional.of("proofs.simd");
    }
    String module = inner.contains(".") ? inner.substring(0, inner.indexOf('.')) : inner;
    return MAY_DEPEND_ON.containsKey(module) ? Optional.of(module) : Optional.empty();
  }
}
