package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.TensorTree;
import org.jtorch.nn.spec.ModuleSpec;
import org.jtorch.parity.verify.RecordedCase;
import org.jtorch.parity.verify.RecordedModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The constructor arguments of every recorded case are written as JSON and read again. */
class ModuleSpecJsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"modules", "modules_more"})
    void everyRecordedCaseComesBack(String folder) throws URISyntaxException {
        int cases = 0;
        for (RecordedModule module : recordings(folder)) {
            for (RecordedCase recorded : module.cases()) {
                try (TensorScope scope = new TensorScope()) {
                    comesBack(recorded.spec(), module.name() + " " + recorded.description());
                }
                cases++;
            }
        }
        assertTrue(cases > 20, "only " + cases);
    }

    private static void comesBack(ModuleSpec spec, String what) {
        String json = spec.toJson();
        ModuleSpec again = ModuleSpec.fromJson(json);
        assertEquals(json, again.toJson(), what); // If there are tensors, their values are equal.
        int[] tensors = {0};
        TensorTree.forEach(spec, tensor -> tensors[0]++);
        if (tensors[0] == 0) { // Two tensors are never equal.
            assertEquals(spec, again, what);
        }
        Torch.manualSeed(0);
        Module<?, ?> module = spec.build();
        Torch.manualSeed(0);
        Module<?, ?> read = again.build();
        assertEquals(module.toString(), read.toString(), what);
        assertEquals(module.stateDict().keySet(), read.stateDict().keySet(), what);
        module.stateDict().forEach((key, value) -> {
            Tensor other = read.stateDict().get(key);
            assertTrue(value.isUninitialized() || value.equal(other), () -> what + ": " + key);
        });
    }

    /** Checks that the test above covers every module. */
    @Test
    void everyModuleOfTheCatalogIsRecordedOrAContainer() throws URISyntaxException {
        Set<String> left = new TreeSet<>(ModuleSpec.names());
        for (String folder : List.of("modules", "modules_more")) {
            recordings(folder).forEach(module -> left.remove(module.name()));
        }
        assertEquals(Set.of("ModuleDict", "ModuleList", "ParameterDict", "ParameterList", "Sequential"), left);
    }

    private static List<RecordedModule> recordings(String folder) throws URISyntaxException {
        Path path = Path.of(Objects.requireNonNull(ModuleSpecJsonTest.class.getResource("/" + folder), folder)
                .toURI());
        return RecordedModule.files(path).stream().map(RecordedModule::read).toList();
    }
}
