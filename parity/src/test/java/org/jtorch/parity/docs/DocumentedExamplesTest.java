package org.jtorch.parity.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every Java example of the README and of docs/ compiles with exactly the imports that its document shows. With
 * {@code -Djtorch.write}, the imports are written again.
 */
class DocumentedExamplesTest {

    private static final Path ROOT = Path.of("..");

    @TempDir
    Path output;

    private static List<Path> documents() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
                    .filter(path -> path.toString().endsWith(".md"))
                    .toList();
        }
    }

    @TestFactory
    List<DynamicTest> examplesCompile() throws IOException {
        return documents().stream()
                .map(path -> DynamicTest.dynamicTest(
                        path.getFileName().toString(),
                        () -> assertEquals(List.of(), Examples.read(path).errors(output))))
                .toList();
    }

    @TestFactory
    List<DynamicTest> importsAreShown() throws IOException {
        return documents().stream()
                .map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> {
                    String text = Files.readString(path);
                    String complete = Imports.completed(text);
                    if (System.getProperty("jtorch.write") != null) {
                        Files.writeString(path, complete);
                    } else {
                        assertEquals(complete, text, path + ": run this test with -Djtorch.write");
                    }
                }))
                .toList();
    }

    @TestFactory
    List<DynamicTest> linksLeadSomewhere() throws IOException {
        return documents().stream()
                .map(path -> DynamicTest.dynamicTest(
                        path.getFileName().toString(), () -> assertEquals(List.of(), Links.broken(path))))
                .toList();
    }

    @Test
    void thereAreExamples() throws IOException {
        long count = 0;
        for (Path path : documents()) {
            count += Examples.read(path).count();
        }
        assertTrue(count >= 30, "only " + count + " examples were found");
    }

    @Test
    void whatDoesNotCompileIsNamedByItsLine() {
        String document = """
                <!-- Given in the examples:
                int given;
                -->
                Text.

                ```java
                int sum = given + missing;
                ```
                """;
        assertEquals(
                List.of("example.md:7: cannot find symbol"),
                Examples.of("example.md", document).errors(output).stream()
                        .map(error -> error.lines().findFirst().orElseThrow())
                        .toList());
    }

    @Test
    void aBrokenLinkIsNamed() throws IOException {
        Path document = Files.writeString(output.resolve("document.md"), """
                # One `title`: here
                [a](#one-title-here), [b](#another), [c](missing.md), [d](document.md#one-title-here), [e](https://example.org)
                """);
        assertEquals(List.of("#another", "missing.md"), Links.broken(document));
    }

    @Test
    void codeInTablesIsCompiled() {
        String document = """
                | PyTorch | Java | |
                | --- | --- | --- |
                | `x` | `int right = 1` | |
                | `y` | `int wrong = missing` | |

                | name | text |
                | --- | --- |
                | `x` | `no code` |
                """;
        assertEquals(
                List.of("example.md:4: cannot find symbol"),
                Examples.of("example.md", document).errors(output).stream()
                        .map(error -> error.lines().findFirst().orElseThrow())
                        .toList());
    }

    @Test
    void importsAreThoseThatTheExamplesNeed() {
        String document = """
                <!-- Given in the examples:
                Tensor x;
                -->
                ```java
                import org.jtorch.Torch;
                ```

                ```java
                final class Net { Linear fc = new Linear(1, 2); }       // not a Conv2d
                List<String> names = List.of("Dropout");
                CheckpointManager.Best best;
                Identity same = new Identity();
                ```
                """;
        String shown = """
                ```java
                import java.util.List;
                import org.jtorch.Tensor;
                import org.jtorch.nn.linear.Identity;
                import org.jtorch.nn.linear.Linear;
                import org.jtorch.serialize.CheckpointManager;
                ```
                """;
        String completed = Imports.completed(document);
        assertTrue(completed.contains(shown), completed);
        assertEquals(completed, Imports.completed(completed));
        String chosen = Imports.completed(completed.replace("nn.linear.Identity", "nn.utils.prune.Identity"));
        assertTrue(chosen.contains("import org.jtorch.nn.utils.prune.Identity;"), chosen);
    }
}
