package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.conv.Conv2d;
import org.jtorch.nn.linear.Linear;
import org.jtorch.nn.norm.BatchNorm2d;
import org.jtorch.nn.rnn.LSTM;
import org.jtorch.nn.transformer.TransformerEncoderLayer;
import org.junit.jupiter.api.Test;

/** The fields that {@link Module#infer} searches. */
@SuppressWarnings({"UnusedVariable", "UnusedMethod"}) // Fields are read by reflection.
class HeldTypesTest {

    private record Pair<A, B>(A first, B second) {}

    private record Chain(int number, @Nullable Chain next) {}

    private record Sizes(long width, List<String> names) {}

    private sealed interface Output permits Logits {}

    private record Logits(Tensor values) implements Output {}

    private static class Unlike {}

    @SuppressWarnings("UnusedVariable") // Reflection reads them.
    private static final class Fields<T, S extends Sizes> {
        Tensor yesTensor;
        Tensor[] yesArray;
        Object yesObject;
        List<Tensor> yesList;
        List<?> yesAnyList;
        Map<String, List<Tensor>> yesMap;
        Optional<Pair<String, Tensor>> yesPair;
        Pair<Tensor, Sizes>[] yesPairs;
        Logits yesRecord;
        Output yesInterface;
        T yesVariable;
        List<T> yesVariables;

        @SuppressWarnings("rawtypes")
        Map yesRaw;

        Parameter noParameter;
        List<Buffer> noBuffers;
        Module<Tensor, Tensor> noModule;
        List<Named<Module<Tensor, Tensor>>> noModules;
        Map<Tensor, String> noKeys;
        Map<String, Integer> noVocabulary;
        Pair<String, long[]> noPair;
        List<Pair<S, Sizes>> noSizes;
        String noText;
        double[] noNumbers;
        UnaryOperator<Tensor> noFunction;
        Unlike noPlainObject;
    }

    @Test
    void theDeclaredTypeTells() {
        TreeSet<String> found = new TreeSet<>();
        TreeSet<String> expected = new TreeSet<>();
        Arrays.stream(Fields.class.getDeclaredFields()).forEach(field -> {
            if (HeldTypes.mayHoldTensor(field.getGenericType())) {
                found.add(field.getName());
            }
            if (field.getName().startsWith("yes")) {
                expected.add(field.getName());
            }
        });
        assertEquals(expected, found);
        assertEquals(12 + 1, found.size());
    }

    @Test
    void typesThatHoldThemselvesAreLookedInto() {
        assertEquals(
                true,
                HeldTypes.mayHoldTensor(Chain.class)); // At the greatest depth that is searched, the answer is yes.
    }

    private abstract static class Keeping<T> extends Module<Tensor, Tensor> {
        @Nullable
        List<T> kept;

        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    private static final class KeepingTensors extends Keeping<Tensor> {}

    private static final class KeepingTexts extends Keeping<String> {}

    @Test
    void aSubclassTellsWhatATypeVariableStandsFor() {
        assertEquals(1, FieldTable.of(KeepingTensors.class).holders.length);
        assertEquals(0, FieldTable.of(KeepingTexts.class).holders.length);
    }

    @Test
    void layersHaveNoneSoNothingIsLookedInto() {
        List<Class<?>> layers = List.of(
                Linear.class,
                ReLU.class,
                Conv2d.class,
                BatchNorm2d.class,
                LSTM.class,
                TransformerEncoderLayer.class,
                Sequential.class,
                ModuleList.class,
                ModuleDict.class,
                ParameterList.class,
                ParameterDict.class);
        for (Class<?> layer : layers) {
            assertEquals(
                    List.of(),
                    Arrays.stream(FieldTable.of(layer).holders)
                            .map(FieldTable.Slot::field)
                            .toList());
        }
    }
}
