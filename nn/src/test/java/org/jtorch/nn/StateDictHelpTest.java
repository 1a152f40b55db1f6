package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.MultiheadAttention;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.sparse.Embedding;
import org.jtorch.nn.state.IncompatibleKeys;
import org.jtorch.nn.state.StateDict;
import org.jtorch.nn.state.StateDictException;
import org.junit.jupiter.api.Test;

/** The help after PyTorch's message: each line is followed, and the load then succeeds. */
class StateDictHelpTest {

    static final class Net extends Module<Tensor, Tensor> {
        Embedding tokens;
        Linear hidden = new Linear(4, 4);
        Linear classifier;

        Net(long tokens, long classes) {
            this.tokens = new Embedding(tokens, 4);
            classifier = new Linear(4, classes);
        }

        @Override
        protected Tensor forward(Tensor x) {
            return classifier.call(hidden.call(tokens.call(x)));
        }
    }

    static final class Wrapped extends Module<Tensor, Tensor> {
        Net backbone = new Net(5, 3);

        @Override
        protected Tensor forward(Tensor x) {
            return backbone.call(x);
        }
    }

    private static StateDictException failure(Module<?, ?> model, Map<String, Tensor> d) {
        StateDictException e = assertThrows(StateDictException.class, () -> model.loadStateDict(d));
        assertEquals(
                e.help().isEmpty() ? e.text() : e.text() + "\nhelp: " + String.join("\nhelp: ", e.help()),
                e.getMessage());
        return e;
    }

    @Test
    void everyKeyHasAPrefixTooMany() {
        StateDict d = new Net(5, 3).stateDict("module.", false);
        Net net = new Net(5, 3);
        assertEquals(
                List.of("every key begins with \"module.\": load stateDict.stripPrefix(\"module.\")"),
                failure(net, d).help());
        assertTrue(net.loadStateDict(d.stripPrefix("module.")).isEmpty());
    }

    @Test
    void theLongerPrefixIsFound() {
        StateDict d = new Net(5, 3).stateDict("module._orig_mod.", false);
        assertEquals(
                List.of("every key begins with \"module._orig_mod.\": load "
                        + "stateDict.stripPrefix(\"module._orig_mod.\")"),
                failure(new Net(5, 3), d).help());
    }

    @Test
    void someKeysHaveAPrefixTooMany() {
        StateDict d = new Net(5, 3).stateDict("model.", false);
        d.put("loss.weight", Torch.ones(7));
        assertEquals(
                List.of("5 of the keys begin with \"model.\": load stateDict.stripPrefix(\"model.\")"),
                failure(new Net(5, 3), d).help());
    }

    @Test
    void aPrefixIsLacking() {
        StateDict d = new Net(5, 3).stateDict();
        Wrapped model = new Wrapped();
        assertEquals(
                List.of("every key of the model begins with \"backbone.\", which the file does not have: load "
                        + "stateDict.addPrefix(\"backbone.\")"),
                failure(model, d).help());
        assertTrue(model.loadStateDict(d.addPrefix("backbone.")).isEmpty());
    }

    @Test
    void oneKeyWasRenamed() {
        StateDict d = new Net(5, 3).stateDict();
        d.put("hidden.kernel.weight", d.remove("hidden.weight"));
        Net net = new Net(5, 3);
        assertEquals(
                List.of(
                        "\"hidden.weight\" (4, 4) is missing and \"hidden.kernel.weight\" (4, 4) is unexpected: renamed? "
                                + "Then load stateDict.rename(\"hidden.kernel.weight\", \"hidden.weight\")"),
                failure(net, d).help());
        assertTrue(net.loadStateDict(d.rename("hidden.kernel.weight", "hidden.weight"))
                .isEmpty());
    }

    @Test
    void aModuleWasRenamed() {
        StateDict d = new Net(5, 3).stateDict().rename("classifier.", "head.");
        Net net = new Net(5, 3);
        assertEquals(
                List.of(
                        "\"classifier.weight\" (3, 4) is missing and \"head.weight\" (3, 4) is unexpected, and so are 1 "
                                + "more beside them: renamed? Then load stateDict.rename(\"head.\", \"classifier.\")"),
                failure(net, d).help());
        assertTrue(net.loadStateDict(d.rename("head.", "classifier.")).isEmpty());
    }

    @Test
    void aKeyOfAnotherShapeOrKindIsNotTakenForIt() {
        StateDict d = new Net(5, 3).stateDict();
        d.put("head.weight", Torch.ones(4, 3));
        d.put("head.bias", Torch.ones(3, 4));
        d.remove("classifier.weight");
        assertEquals(List.of(), failure(new Net(5, 3), d).help());
    }

    @Test
    void aClassifierOfAnotherSize() {
        StateDict d = new Net(5, 1000).stateDict();
        Net net = new Net(5, 10);
        assertEquals(
                List.of("\"classifier.weight\": the file has 1000 rows, the model 10: build the model with 1000, or "
                        + "leave the layer out: loadStateDict(stateDict.filter(key -> "
                        + "!key.startsWith(\"classifier.\")), false)"),
                failure(net, d).help());
        IncompatibleKeys keys = net.loadStateDict(d.filter(key -> !key.startsWith("classifier.")), false);
        assertEquals(List.of("classifier.weight", "classifier.bias"), keys.missingKeys());
    }

    @Test
    void anEmbeddingOfAnotherSizeAndATransposedWeight() {
        StateDict d = new Net(9, 3).stateDict();
        d.put("classifier.weight", Torch.ones(4, 3));
        assertEquals(
                List.of(
                        "\"tokens.weight\": the file has 9 rows, the model 5: build the model with 9, or leave the layer "
                                + "out: loadStateDict(stateDict.filter(key -> !key.startsWith(\"tokens.\")), false)",
                        "\"classifier.weight\": the file's shape is that of the transpose. If it comes from a layer that "
                                + "keeps (in, out): stateDict.put(\"classifier.weight\", "
                                + "stateDict.get(\"classifier.weight\").t())"),
                failure(new Net(5, 3), d).help());
    }

    @Test
    void aLayerThatIsTheWholeModelIsNotLeftOut() {
        assertEquals(
                List.of("\"weight\": the file has 5 rows, the model 3: build the model with 5"),
                failure(new Linear(4, 3), new Linear(4, 5).stateDict()).help());
    }

    @Test
    void whatIsNoLayersRowsIsNotExplained() {
        assertEquals(
                List.of(),
                failure(new MultiheadAttention(8, 2), new MultiheadAttention(16, 2).stateDict())
                        .help());
    }

    @Test
    void aLayerIsNotLeftOutIfTheNextOneDoesNotFitEither() {
        Sequential file = new Sequential(new Linear(4, 6), new Linear(6, 3));
        assertEquals(
                List.of("\"0.weight\": the file has 6 rows, the model 5: build the model with 6"),
                failure(new Sequential(new Linear(4, 5), new Linear(5, 3)), file.stateDict())
                        .help());
    }

    @Test
    void ofAnotherModelNothingIsSaid() {
        ModuleList<Linear> other = new ModuleList<>();
        for (int i = 0; i < 4; i++) {
            other.add(new Linear(4, i == 0 ? 3 : 4));
        }
        assertEquals(List.of(), failure(new Net(5, 3), other.stateDict()).help());
    }

    @Test
    void amongKeysThatFitARenamingIsFoundBesideOthers() {
        StateDict d = new Net(5, 3).stateDict();
        d.put("head.weight", d.remove("classifier.weight"));
        d.put("more", Torch.ones(7));
        assertEquals(
                List.of(
                        "\"classifier.weight\" (3, 4) is missing and \"head.weight\" (3, 4) is unexpected: renamed? Then "
                                + "load stateDict.rename(\"head.weight\", \"classifier.weight\")"),
                failure(new Net(5, 3), d).help());
    }

    @Test
    void manyLinesAreCut() {
        ModuleList<Linear> model = new ModuleList<>();
        for (int i = 0; i < 20; i++) {
            model.add(new Linear(2, 2, o -> o.bias(false)));
        }
        StateDict d = new StateDict(model.stateDict()).rename(key -> key.replace(".weight", ".kernel.weight"));
        List<String> help = failure(model, d).help();
        assertEquals(9, help.size());
        assertEquals(
                "\"7.weight\" (2, 2) is missing and \"7.kernel.weight\" (2, 2) is unexpected: renamed? Then load "
                        + "stateDict.rename(\"7.kernel.weight\", \"7.weight\")",
                help.get(7));
        assertEquals("and 12 more of this kind", help.get(8));
    }
}
