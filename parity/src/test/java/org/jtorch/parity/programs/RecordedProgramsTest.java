package org.jtorch.parity.programs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.export.ExportedProgram;
import org.jtorch.export.Inputs;
import org.jtorch.export.graph.ExportException;
import org.jtorch.parity.verify.RecordedCall;
import org.jtorch.parity.verify.RecordedCase;
import org.jtorch.parity.verify.RecordedModule;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The cases of every recorded module can be recorded as programs, which the recorder compares with the module. What reads values,
 * or has a gradient of its own, is refused.
 */
@Tag("slow")
class RecordedProgramsTest {

    @Test
    void everyModuleButThoseThatReadValuesCanBeRecorded() {
        Map<String, String> refused = new TreeMap<>();
        int recorded = 0;
        for (Path file : RecordedModule.files(Path.of("src/test/resources/modules"))) {
            RecordedModule module = RecordedModule.read(file);
            for (RecordedCase each : module.cases()) {
                try (TensorScope scope = new TensorScope()) {
                    RecordedCall call = each.prepare();
                    Torch.manualSeed(call.seed());
                    ExportedProgram.of(call.module(), new Inputs(call.args(), call.kwargs()));
                    recorded++;
                } catch (ExportException e) {
                    refused.put(module.name(), why(e.getMessage()));
                }
            }
        }
        assertEquals(
                Map.of(
                        "AdaptiveLogSoftmaxWithLoss", "aten::nonzero",
                        "BatchNorm1d", "values are read",
                        "CrossMapLRN2d", "custom autograd Function",
                        "GaussianNLLLoss", "aten::is_nonzero",
                        // they look whether a mask that is passed is causal, unless isCausal says so
                        "Transformer", "aten::equal",
                        "TransformerEncoder", "aten::equal"),
                refused);
        assertTrue(recorded > 400, "only " + recorded + " cases were recorded");
    }

    /** Returns the known reason in a message, or the message. */
    private static String why(String message) {
        for (String reason :
                new String[] {"aten::nonzero", "aten::is_nonzero", "aten::equal", "custom autograd Function"}) {
            if (message.contains(reason)) {
                return reason;
            }
        }
        return message.contains("the values of a tensor") && message.contains("are read") ? "values are read" : message;
    }
}
