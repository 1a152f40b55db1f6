package org.jtorch.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.nn.Sequential;
import org.jtorch.nn.activation.Tanh;
import org.jtorch.nn.functional.F;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.state.StateDict;
import org.jtorch.optim.AdamW;
import org.jtorch.optim.Optimizer;
import org.jtorch.optim.SGD;
import org.jtorch.serialize.Checkpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training that began in Python continues here. The files written to {@code target/optimizers} can be continued in Python:
 * {@code python3 parity/record/optimizer_state.py check parity/target/optimizers/*.pt}.
 */
class OptimizerStateTest {

    private final TensorScope scope = new TensorScope();

    @AfterEach
    void end() {
        scope.close();
    }

    private static Sequential model() {
        return new Sequential(new Linear(4, 8), new Tanh(), new Linear(8, 3));
    }

    private static Map<?, ?> recorded(String name) throws IOException {
        try (InputStream file = OptimizerStateTest.class.getResourceAsStream("/optimizers/" + name + ".pt")) {
            return (Map<?, ?>) Objects.requireNonNull(
                    Checkpoint.load(Objects.requireNonNull(file, name)).root());
        }
    }

    /** Creates an optimizer with other options than those of the file, which must be replaced. */
    private static Optimizer<?> optimizer(String name, Sequential net) {
        return name.startsWith("adamw")
                ? new AdamW(net.parameters(), o -> o.lr(1))
                : new SGD(net.parameters(), o -> o.lr(1));
    }

    private static List<Double> steps(Sequential net, Optimizer<?> optimizer, Tensor x, Tensor y, int count) {
        List<Double> losses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            optimizer.zeroGrad();
            Tensor loss = F.crossEntropy(net.call(x), y);
            loss.backward();
            optimizer.step();
            losses.add(loss.item());
        }
        return losses;
    }

    private static void load(Sequential net, Object dict) {
        StateDict state = new StateDict();
        ((Map<?, ?>) dict).forEach((key, value) -> state.put((String) key, (Tensor) value));
        net.loadStateDict(state);
    }

    private static void assertSameLosses(List<?> expected, List<Double> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < actual.size(); i++) {
            double loss = (Double) expected.get(i);
            assertEquals(loss, actual.get(i), 1e-5 * Math.abs(loss), "loss " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamw", "adamw_amsgrad", "sgd", "sgd_nesterov"})
    void pythonsTrainingGoesOn(String name) throws IOException {
        Map<?, ?> saved = recorded(name);
        Sequential net = model();
        load(net, Objects.requireNonNull(saved.get("model")));
        Optimizer<?> optimizer = optimizer(name, net);
        optimizer.loadStateDict((Map<?, ?>) saved.get("optimizer"));
        assertSameLosses(
                (List<?>) saved.get("losses"), steps(net, optimizer, tensor(saved, "x"), tensor(saved, "y"), 20));
    }

    /** The layout is PyTorch's, with the same keys in the same order. */
    @ParameterizedTest
    @ValueSource(strings = {"adamw", "adamw_amsgrad", "sgd", "sgd_nesterov"})
    void whatIsGivenIsWhatWasTaken(String name) throws IOException {
        Map<?, ?> optimizerState = (Map<?, ?>) recorded(name).get("optimizer");
        Optimizer<?> optimizer = optimizer(name, model());
        optimizer.loadStateDict(optimizerState);
        Map<String, Object> given = optimizer.stateDict();
        assertEquals(List.of("state", "param_groups"), List.copyOf(given.keySet()));
        assertEquals(
                text(((List<?>) Objects.requireNonNull(optimizerState.get("param_groups"))).get(0)),
                text(((List<?>) Objects.requireNonNull(given.get("param_groups"))).get(0)));
        Map<?, ?> expected = (Map<?, ?>) optimizerState.get("state");
        Map<?, ?> actual = (Map<?, ?>) given.get("state");
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
        expected.forEach((number, values) -> {
            Map<?, ?> now = (Map<?, ?>) Objects.requireNonNull(actual.get(number));
            assertEquals(List.copyOf(((Map<?, ?>) values).keySet()), List.copyOf(now.keySet()));
            ((Map<?, ?>) values)
                    .forEach((key, value) -> assertTrue(
                            ((Tensor) value).allclose((Tensor) Objects.requireNonNull(now.get(key)), 0, 0),
                            number + " " + key));
        });
    }

    /** Python has 0 for an int, and 0.0 for a float. */
    private static String text(Object group) {
        return String.valueOf(group).replaceAll("=(\\d+)(?=[,}])", "=$1.0").replaceAll("params=.*", "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"adamw", "adamw_amsgrad", "sgd", "sgd_nesterov"})
    void ourTrainingGoesOn(String name) throws IOException {
        Map<?, ?> saved = recorded(name);
        Tensor x = tensor(saved, "x");
        Tensor y = tensor(saved, "y");
        Torch.manualSeed(1);
        Sequential net = model();
        Optimizer<?> optimizer = name.startsWith("adamw")
                ? new AdamW(net.parameters(), o -> o.lr(0.02).amsgrad(name.endsWith("amsgrad")))
                : new SGD(net.parameters(), o -> o.lr(0.1).momentum(0.8).nesterov(name.endsWith("nesterov")));
        steps(net, optimizer, x, y, 10);
        Path folder = Files.createDirectories(Path.of("target", "optimizers"));
        Path file = folder.resolve(name + ".pt");
        Map<String, Object> checkpoint = new LinkedHashMap<>();
        checkpoint.put("model", net.stateDict());
        checkpoint.put("optimizer", optimizer.stateDict());
        checkpoint.put("x", x);
        checkpoint.put("y", y);
        Checkpoint.save(file, checkpoint);
        Map<?, ?> halfway = (Map<?, ?>)
                Objects.requireNonNull(Checkpoint.load(file, o -> o.mmap(false)).root());
        List<Double> losses = steps(net, optimizer, x, y, 20);
        Map<String, Object> whole = new LinkedHashMap<>();
        halfway.forEach((key, value) -> whole.put((String) key, Objects.requireNonNull(value)));
        whole.put("losses", losses);
        Checkpoint.save(file, whole);

        Map<?, ?> read =
                (Map<?, ?>) Objects.requireNonNull(Checkpoint.load(file).root());
        Sequential other = model();
        load(other, Objects.requireNonNull(read.get("model")));
        Optimizer<?> next = optimizer(name, other);
        next.loadStateDict((Map<?, ?>) read.get("optimizer"));
        assertEquals(losses, steps(other, next, x, y, 20));
    }

    @Test
    void refusesWhatDoesNotFitAndChangesNothing() throws IOException {
        Map<?, ?> adamw = (Map<?, ?>) recorded("adamw").get("optimizer");
        Map<?, ?> sgd = (Map<?, ?>) recorded("sgd").get("optimizer");
        AdamW optimizer = new AdamW(model().parameters(), o -> o.lr(0.5));
        refused(
                "loaded state dict has a different number of parameter groups",
                optimizer,
                Map.of("state", Map.of(), "param_groups", List.of()));
        refused(
                "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
                new AdamW(new Linear(2, 2).parameters()),
                adamw);
        refused("no 'param_groups'", optimizer, Map.of("state", Map.of()));
        refused("no 'betas'", optimizer, sgd);
        assertEquals(0.5, optimizer.groups().get(0).options().lr());
        assertEquals(Map.of(), optimizer.stateDict().get("state"));
    }

    private static void refused(String reason, Optimizer<?> optimizer, Map<?, ?> dict) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> optimizer.loadStateDict(dict));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static Tensor tensor(Map<?, ?> saved, String key) {
        return (Tensor) Objects.requireNonNull(saved.get(key));
    }
}
