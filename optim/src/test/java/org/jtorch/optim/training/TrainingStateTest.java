package org.jtorch.optim.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jtorch.Generator;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.dropout.Dropout;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDictException;
import org.jtorch.nn.state.Stateful;
import org.jtorch.optim.AdamW;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.CheckpointManager;
import org.jtorch.serialize.format.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingStateTest {

    /** A model with dropout, its optimizer, and a generator of its own for the inputs. */
    private static final class Run {
        final Sequential model = new Sequential(new Linear(4, 8), new Dropout(0.5), new Linear(8, 1));
        final AdamW optimizer = new AdamW(model.parameters(), o -> o.lr(1e-2));
        final Generator inputs = new Generator().manualSeed(1);
        final TrainingState state = new TrainingState()
                .add("model", model)
                .add("optimizer", optimizer)
                .add("inputs", inputs);

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                optimizer.zeroGrad();
                Tensor x = Torch.randn(new long[] {8, 4}, inputs);
                model.call(x).square().mean().backward();
                optimizer.step();
            }
        }

        double[] weights() {
            return ((Linear) model.get(0)).weight.toDoubleArray();
        }
    }

    @Test
    void aResumedRunContinuesWithTheSameBits(@TempDir Path folder) {
        Torch.manualSeed(0);
        Run whole = new Run();
        whole.steps(3);
        whole.state.save(folder.resolve("run.pt"));
        whole.steps(3);

        Torch.manualSeed(99);
        Run resumed = new Run();
        resumed.steps(1);
        resumed.state.load(folder.resolve("run.pt"));
        resumed.steps(3);
        assertArrayEquals(whole.weights(), resumed.weights());
    }

    @Test
    void continuesFromTheNewestCheckpoint(@TempDir Path folder) {
        Run run = new Run();
        try (var checkpoints = new CheckpointManager(folder)) {
            assertEquals(OptionalLong.empty(), run.state.resume(checkpoints));
            run.steps(1);
            run.state.save(checkpoints, 1);
            run.steps(1);
            run.state.save(checkpoints, 2, 0.5);
            double[] after = run.weights();
            run.steps(1);
            assertEquals(OptionalLong.of(2), run.state.resume(checkpoints));
            assertArrayEquals(after, run.weights());
        }
    }

    /** A part that refuses every state. */
    private static final class Refusing implements Stateful {
        @Override
        public Map<String, ?> stateDict() {
            return Map.of("a", 1L);
        }

        @Override
        public void loadStateDict(Map<?, ?> stateDict) {
            throw new IllegalArgumentException("does not fit");
        }
    }

    @Test
    void nothingIsChangedIfAPartDoesNotFit(@TempDir Path folder) {
        Run source = new Run();
        source.steps(2);
        Path file = folder.resolve("run.pt");
        Map<String, Object> saved = new LinkedHashMap<>(source.state.stateDict());
        saved.put("last", Map.of("a", 1L));
        Checkpoint.save(file, saved);

        Run run = new Run();
        run.state.add("last", new Refusing());
        run.steps(1);
        double[] weights = run.weights();
        double[] random = Generator.defaultGenerator().getState().toDoubleArray();
        double steps = run.optimizer.state(((Linear) run.model.get(0)).weight).number("step");
        assertThrows(IllegalArgumentException.class, () -> run.state.load(file));
        assertArrayEquals(weights, run.weights());
        assertArrayEquals(random, Generator.defaultGenerator().getState().toDoubleArray());
        assertEquals(
                steps, run.optimizer.state(((Linear) run.model.get(0)).weight).number("step"));
    }

    @Test
    void aModelThatDoesNotFitChangesNothing(@TempDir Path folder) {
        Run source = new Run();
        Map<String, Object> saved = new LinkedHashMap<>(source.state.stateDict());
        saved.put("model", new Linear(4, 8).stateDict());
        Path file = folder.resolve("run.pt");
        Checkpoint.save(file, saved);
        Run run = new Run();
        double[] weights = run.weights();
        assertThrows(StateDictException.class, () -> run.state.load(file));
        assertArrayEquals(weights, run.weights());
    }

    @Test
    void aMissingPartIsNamed(@TempDir Path folder) {
        Run run = new Run();
        Map<String, Object> saved = new LinkedHashMap<>(run.state.stateDict());
        saved.remove("inputs");
        Path file = folder.resolve("run.pt");
        Checkpoint.save(file, saved);
        CheckpointException e = assertThrows(CheckpointException.class, () -> run.state.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("'inputs'"), e.getMessage());
    }

    @Test
    void namesAreTakenOnce() {
        Run run = new Run();
        for (String name : List.of("model", "random")) {
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> run.state.add(name, run.optimizer));
            assertEquals("the name '" + name + "' is taken: give each part a name of its own", e.getMessage());
        }
    }
}
