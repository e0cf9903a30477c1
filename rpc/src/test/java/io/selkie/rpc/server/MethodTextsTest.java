package io.selkie.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import io.selkie.rpc.RpcMethod;
import io.selkie.rpc.api.ApiTable;
import io.selkie.rpc.json.WireTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Keeps the texts of the OpenRPC document equal to the documentation comments of {@code rpc.api}.
 * Where they differ the test writes what they ought to be to {@code target/method-texts.txt} and
 * fails; copy it over.
 */
class MethodTextsTest {

  private static final Path COMMITTED =
      Path.of("src", "main", "resources", "io", "selkie", "rpc", "server", "method-texts.txt");

  @Test
  void texts_equalTheComments() throws IOException {
    Map<String, String> lines = new TreeMap<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources =
            Files.list(Path.of("src", "main", "java", "io", "selkie", "rpc", "api"))) {
      List<Path> apis = sources.filter(path -> path.toString().endsWith("Api.java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(apis));
      DocTrees comments = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Methods(comments, lines).scan(unit, null);
      }
    }
    String text = String.join("", lines.values());
    if (!Files.readString(COMMITTED).equals(text)) {
      Files.writeString(Path.of("target", "method-texts.txt"), text);
    }
    assertThat(COMMITTED).content().isEqualTo(text);
  }

  @Test
  void texts_ofEveryMethodThatIsServed_areThere() {
    MethodTexts texts = MethodTexts.load();
    ApiTable table = new ApiTable(new WireTypes());
    ApiReferenceTest.APIS.forEach(table::describe);
    assertThat(table.all())
        .allSatisfy(entry ->
            assertThat(texts.of(entry.method()))
                .as(entry.wireName())
                .hasValueSatisfying(text -> assertThat(text.summary()).endsWith(".")));
  }

  /** Collects a line of each method of the contract. */
  private static final class Methods extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private final DocTrees comments;
    private final Map<String, String> lines;

    Methods(DocTrees comments, Map<String, String> lines) {
      this.comments = comments;
      this.lines = lines;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
      boolean served =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(each ->
                  each.getAnnotationType().toString().equals(RpcMethod.class.getSimpleName()));
      if (served) {
        String file = getCurrentPath().getCompilationUnit().getSourceFile().getName();
        String api = Path.of(file).getFileName().toString().replace(".java", "");
        String name = api + "." + method.getName();
        DocCommentTree comment = comments.getDocCommentTree(getCurrentPath());
        assertThat(comment).as("the comment of " + name).isNotNull();
        String rest = words(comment.getBody());
        String line =
            name + "\t" + words(comment.getFirstSentence()) + (rest.isEmpty() ? "" : "\t" + rest);
        assertThat(lines.put(name, line + "\n")).as(name + ", twice").isNull();
      }
      return null;
    }
  }

  /** A comment without its markup, on one line. */
  private static String words(List<? extends DocTree> trees) {
    StringBuilder words = new StringBuilder();
    for (DocTree tree : trees) {
      words.append(
          switch (tree) {
            case TextTree text -> text.getBody();
            case LiteralTree code -> code.getBody().getBody();
            case EntityTree entity -> entity.toString();
            case LinkTree link ->
                link.getLabel().isEmpty()
                    ? link.getReference().getSignature().replaceFirst("^#", "").replace('#', '.')
                    : words(link.getLabel());
            default -> " ";
          });
    }
    return words.toString().replaceAll("\\s+", " ").strip();
  }
}
