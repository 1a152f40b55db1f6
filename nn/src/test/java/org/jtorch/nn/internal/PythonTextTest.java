package org.jtorch.nn.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jtorch.internal.text.PythonText;
import org.junit.jupiter.api.Test;

class PythonTextTest {

    @Test
    void floatsAreWrittenAsPythonWritesThem() throws IOException {
        List<String> lines;
        try (InputStream in = getClass().getResourceAsStream("/org/jtorch/nn/floats.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        assertFalse(lines.isEmpty());
        for (String line : lines) {
            String[] columns = line.split(" ");
            double value = Double.longBitsToDouble(Long.parseUnsignedLong(columns[0], 16));
            assertEquals(columns[1], PythonText.of(value));
        }
    }

    @Test
    void otherValues() {
        assertEquals("None", PythonText.of((Double) null));
        assertEquals("True", PythonText.of(true));
        assertEquals("()", PythonText.tuple());
        assertEquals("(3,)", PythonText.tuple(3));
        assertEquals("(3, -4)", PythonText.tuple(3, -4));
        assertEquals("3", PythonText.intOrTuple(3));
        assertEquals("torch.Size([])", PythonText.size());
        assertEquals("torch.Size([2, 3])", PythonText.size(2, 3));
    }
}
