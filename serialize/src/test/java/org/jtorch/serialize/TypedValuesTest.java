package org.jtorch.serialize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Torch;
import org.jtorch.nn.linear.Linear;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.python.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Values of a checkpoint by the type that the caller expects, and the message if there is another or none. */
class TypedValuesTest {

    @TempDir
    Path folder;

    private Path file;
    private Checkpoint run;

    @BeforeEach
    void save() {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("lr", 0.5);
        group.put("params", List.of(0L));
        Map<String, Object> optimizer = new LinkedHashMap<>();
        optimizer.put("state", Map.of(0L, Map.of("step", Torch.tensor(3f))));
        optimizer.put("param_groups", List.of(group));
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("model", new Linear(2, 3).stateDict());
        value.put("optimizer", optimizer);
        value.put("step", 120L);
        value.put("loss", 0.25);
        value.put("done", true);
        value.put("arch", "resnet18");
        value.put("best", Torch.tensor(0.9f));
        value.put("classes", List.of("cat", "dog"));
        value.put("size", Tuple.of(3L, 4L));
        value.put("huge", BigInteger.TWO.pow(80));
        value.put("nothing", null);
        file = folder.resolve("run.pt");
        Checkpoint.save(file, value);
        run = Checkpoint.load(file);
    }

    @Test
    void theTextTakesSparseTensorsFreedOnesAndATupleThatHoldsItself() {
        Path sparse = folder.resolve("sparse.pt");
        Checkpoint.save(sparse, Map.of("s", Torch.eye(3).toSparse()));
        Checkpoint read = Checkpoint.load(sparse);
        assertEquals(sparse + " (TORCH): a dict with 's'; 1 tensor, 60 B", read.toString());
        read.getTensor("s").close();
        assertEquals(sparse + " (TORCH): a dict with 's'; 1 tensor, 0 B", read.toString());
        List<Object> list = new java.util.ArrayList<>();
        Tuple self = Tuple.of(list);
        list.add(self);
        assertEquals("([(...)],)", self.toString());
    }

    @Test
    void values() {
        assertEquals(
                List.of("weight", "bias"), List.copyOf(run.stateDict("model").keySet()));
        assertEquals(
                List.of("state", "param_groups"),
                List.copyOf(run.optimizerState("optimizer").keySet()));
        assertEquals(120, run.getLong("step"));
        assertEquals(0.25, run.getDouble("loss"));
        assertEquals(120.0, run.getDouble("step"));
        assertEquals(Math.pow(2, 80), run.getDouble("huge"));
        assertTrue(run.getBoolean("done"));
        assertEquals("resnet18", run.getString("arch"));
        assertEquals(0.9f, (float) run.getTensor("best").item());
        assertEquals(List.of("cat", "dog"), run.getList("classes"));
        assertEquals(List.of(3L, 4L), run.getList("size"));
        assertEquals(2, run.getMap("optimizer").size());
    }

    @Test
    void valuesFurtherInside() {
        assertEquals(0.5, run.getDouble("optimizer.param_groups.0.lr"));
        assertEquals(0.5, run.at("optimizer").at("param_groups").at(0).getDouble("lr"));
        assertEquals("dog", run.at("classes").getString(1));
        assertArrayEquals(new long[] {3, 2}, run.getTensor("model.weight").shape());
    }

    @Test
    void whetherSomethingIsThere() {
        assertTrue(run.has("step"));
        assertTrue(run.has("nothing"));
        assertTrue(run.has("optimizer.param_groups.0.lr"));
        assertTrue(run.at("classes").has(1));
        assertFalse(run.at("classes").has(2));
        assertFalse(run.has("epoch"));
        assertFalse(run.at("step").has("x"));
    }

    private static void refused(String message, Executable reading) {
        assertEquals(message, assertThrows(CheckpointException.class, reading).getMessage());
    }

    @Test
    void aKeyThatIsNotThere() {
        String there = "it has 'model', 'optimizer', 'step', 'loss', 'done', 'arch', 'best', 'classes' and 3 more";
        refused("the checkpoint has no 'steps'; " + there + "; did you mean 'step'?", () -> run.getLong("steps"));
        refused(
                "the checkpoint has no 'model_state_dict'; " + there + "; did you mean 'model'?",
                () -> run.stateDict("model_state_dict"));
        refused("the checkpoint has no 'epoch'; " + there, () -> run.getLong("epoch"));
        refused(
                "the checkpoint has no 'optimizer.param_groups.0.l_r'; 'optimizer.param_groups.0' has 'lr', 'params';"
                        + " did you mean 'lr'?",
                () -> run.getDouble("optimizer.param_groups.0.l_r"));
        refused(
                "'optimizer' of the checkpoint has no 'stat'; it has 'state', 'param_groups'; did you mean 'state'?",
                () -> run.at("optimizer").getMap("stat"));
        refused("'step' of the checkpoint is an int, so it has no 'x'", () -> run.at("step")
                .getLong("x"));
    }

    @Test
    void aValueOfAnotherType() {
        refused(
                "'loss' of the checkpoint is the float 0.25, not an int: read it with getDouble",
                () -> run.getLong("loss"));
        refused(
                "'arch' of the checkpoint is the str 'resnet18', not a float or an int: read it with getString",
                () -> run.getDouble("arch"));
        refused(
                "'best' of the checkpoint is a tensor of shape [], not a float or an int: read it with getTensor",
                () -> run.getDouble("best"));
        refused(
                "'done' of the checkpoint is the bool true, not an int: read it with getBoolean",
                () -> run.getLong("done"));
        refused(
                "'step' of the checkpoint is the int 120, not a bool: read it with getLong",
                () -> run.getBoolean("step"));
        refused(
                "'model' of the checkpoint is an OrderedDict, not a tensor: read it with stateDict",
                () -> run.getTensor("model"));
        refused(
                "'optimizer' of the checkpoint is a dict, not a str: read it with optimizerState",
                () -> run.getString("optimizer"));
        refused(
                "'optimizer.state' of the checkpoint is a dict, not a list or a tuple: read it with getMap",
                () -> run.at("optimizer").getList("state"));
        refused("'size' of the checkpoint is a tuple, not a dict: read it with getList", () -> run.getMap("size"));
        refused("'nothing' of the checkpoint is None, not an int", () -> run.getLong("nothing"));
        refused(
                "'huge' of the checkpoint is the int 1208925819614629174706176, which does not fit in 64 bits: read it with root()",
                () -> run.getLong("huge"));
    }

    @Test
    void whatIsNoOptimizersState() {
        String required = ", not the state of an optimizer, which is a dict with 'state' and 'param_groups'";
        refused(
                "'model' of the checkpoint is a state dict of a module" + required + ": read it with stateDict",
                () -> run.optimizerState("model"));
        refused("'step' of the checkpoint is the int 120" + required, () -> run.optimizerState("step"));
        Path nested = folder.resolve("nested.pt");
        Checkpoint.save(nested, Map.of("trainer", Map.of("opt", run.getMap("optimizer"))));
        refused(
                "'trainer' of the checkpoint is a dict with 'opt'" + required + ": take what is at \"opt\"",
                () -> Checkpoint.load(nested).optimizerState("trainer"));
    }

    @Test
    void text() {
        String keys = "with 'model', 'optimizer', 'step', 'loss', 'done', 'arch', 'best', 'classes' and 3 more";
        assertEquals(file + " (TORCH): a dict " + keys + "; 4 tensors, 44 B", run.toString());
        assertEquals(
                file + " (TORCH): a dict " + keys + "; 4 tensors, 44 B",
                Checkpoint.open(file).toString());
        assertEquals(
                file + ": 'model' (TORCH): an OrderedDict with 'weight', 'bias'; 2 tensors, 36 B",
                run.at("model").toString());
        assertEquals(
                file + ": 'step' (TORCH): an int; 0 tensors, 0 B",
                run.at("step").toString());
    }
}
