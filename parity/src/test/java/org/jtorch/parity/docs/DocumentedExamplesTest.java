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

/** Every Java example of the README and of docs/ compiles. */
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
}
