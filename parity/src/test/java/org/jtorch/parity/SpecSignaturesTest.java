package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jtorch.nn.spec.ModuleSpec;
import org.junit.jupiter.api.Test;

/** The constructors that {@link ModuleSpec} knows have the parameters of PyTorch's, {@code api/modules.tsv}. */
class SpecSignaturesTest {

    @Test
    void constructorsHavePyTorchsParametersAndDefaults() throws IOException {
        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                SpecSignaturesTest.class.getResourceAsStream("/api/modules.tsv"), StandardCharsets.UTF_8))) {
            in.lines().skip(1).map(line -> line.split("\t")).forEach(columns -> {
                String name = columns[1];
                if (ModuleSpec.names().contains(name) && !columns[2].contains("(*args, **kwargs)")) {
                    ours.add(ModuleSpec.signature(name).replaceAll("\\s+", ""));
                    theirs.add((name + withoutTypes(columns[2]))
                            .replaceAll("<function (\\w+) at 0x\\w+>", "F.$1")
                            .replaceAll("\\s+", ""));
                }
            });
        }
        assertFalse(ours.isEmpty());
        assertEquals(String.join("\n", theirs), String.join("\n", ours));
    }

    /**
     * Returns a signature without types: {@code (a: int, b: tuple[int, int] = (1, 2)) -> None} becomes {@code (a, b=(1, 2))}.
     */
    private static String withoutTypes(String signature) {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        boolean inType = false;
        for (int i = 0; i < signature.length(); i++) {
            char c = signature.charAt(i);
            depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
            if (depth == 0) {
                return out.append(')').toString();
            }
            if (depth == 1 && c == ':') {
                inType = true;
            } else if (depth == 1 && (c == ',' || c == '=')) {
                inType = false;
            }
            if (!inType) {
                out.append(c);
            }
        }
        throw new AssertionError("no end: " + signature);
    }
}
