package org.jtorch.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layouts of archives that PyTorch wrote before 2.9, which it still reads. */
class OlderLayoutsTest {

    @ParameterizedTest
    @ValueSource(strings = {"layout_2_6", "layout_2_8"})
    void isReadAsThePresentOne(String name) {
        ExportedProgram program = ExportedProgram.load(Path.of("src/test/resources/older", name + ".pt2"));
        ExportedProgram present = Graphs.load("dynamic_batch");
        Tensor x = Torch.ones(5, 8);
        assertArrayEquals(
                present.module(Tensor.class, Tensor.class).infer(x).toDoubleArray(),
                program.module(Tensor.class, Tensor.class).infer(x).toDoubleArray());
        assertEquals("8.2", program.program().schemaVersion().toString());
        assertEquals(Map.of("note.txt", "written by hand"), program.extraFiles());
        assertEquals(present.stateDict().keySet(), program.stateDict().keySet());
        assertTrue(program.module().getParameter("fc1.weight").requiresGrad());
        assertEquals(1, program.exampleInputs().args().size());
    }
}
