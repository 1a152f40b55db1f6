package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/module-methods.md has every method of PyTorch's Module, and what it names in Java is there. */
class ModuleMethodsDocTest {

    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (?:`(\\w+)\\.(\\w+)`|—) \\|(.*)\\|");

    private static final Map<String, Class<?>> CLASSES =
            Map.of("Module", Module.class, "GlobalHooks", GlobalHooks.class);

    private static List<Matcher> rows() throws IOException {
        return Files.readAllLines(Path.of("../docs/module-methods.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> {
                    Matcher row = ROW.matcher(line);
                    assertTrue(row.matches(), line);
                    return row;
                })
                .toList();
    }

    @Test
    void everyMethodHasARow() throws IOException {
        List<String> methods = Recording.text("api/module_methods.tsv")
                .lines()
                .skip(1)
                .map(line -> line.split("\t")[0])
                .toList();
        assertEquals(methods, rows().stream().map(row -> row.group(1)).toList());
    }

    @Test
    void whatIsNamedIsThereAndWhatIsAbsentHasAReason() throws IOException {
        for (Matcher row : rows()) {
            if (row.group(2) == null) {
                assertFalse(row.group(4).isBlank(), row.group(1) + " is absent without a reason");
                continue;
            }
            assertTrue(
                    Arrays.stream(CLASSES.get(row.group(2)).getDeclaredMethods())
                            .anyMatch(m -> m.getName().equals(row.group(3))
                                    && (m.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0),
                    "there is no " + row.group(2) + "." + row.group(3));
        }
    }
}
