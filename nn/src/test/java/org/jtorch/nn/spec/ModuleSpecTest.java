package org.jtorch.nn.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.Module;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

class ModuleSpecTest {

    @Test
    void argumentsByPositionAndByName() {
        Module<?, ?> conv = ModuleSpec.of(
                        "Conv2d", List.of(3, 8, List.of(3, 5)), Map.of("padding", "same", "bias", false))
                .build();
        assertEquals("Conv2d(3, 8, kernel_size=(3, 5), stride=(1, 1), padding=same, bias=False)", conv.toString());
        assertEquals("ReLU()", ModuleSpec.of("ReLU").build().toString());
    }

    @Test
    void anUnknownModuleIsRefusedByName() {
        assertRefused("no module is called 'Conv9d'", "Conv9d");
    }

    /** The messages are PyTorch's, followed by the signature. */
    @Test
    void argumentsThatDoNotFitAreRefusedAsPythonDoes() {
        assertRefused("Linear.__init__() missing 1 required positional argument: 'out_features'", "Linear", 3);
        assertRefused(
                "Linear.__init__() missing 2 required positional arguments: 'in_features' and 'out_features'",
                "Linear");
        assertRefused(
                "Conv2d.__init__() missing 3 required positional arguments: 'in_channels', 'out_channels', and"
                        + " 'kernel_size'",
                "Conv2d");
        assertRefused("ReLU.__init__() takes from 1 to 2 positional arguments but 3 were given", "ReLU", true, 2);
        assertRefused(
                "BatchNorm1d.__init__() takes from 2 to 8 positional arguments but 9 were given",
                "BatchNorm1d",
                3,
                1e-5,
                0.1,
                true,
                true,
                null,
                null,
                true);
        assertRefused(
                "Linear.__init__() got an unexpected keyword argument 'biases'",
                ModuleSpec.of("Linear", List.of(3, 4), Map.of("biases", true)));
        assertRefused(
                "Linear.__init__() got multiple values for argument 'out_features'",
                ModuleSpec.of("Linear", List.of(3, 4), Map.of("out_features", 5)));
    }

    @Test
    void aValueOfAWrongKindIsRefused() {
        assertRefused("Linear's argument 'out_features' is 2.5: give a whole number", "Linear", 3, 2.5);
        assertRefused("Linear's argument 'bias' is None: give True or False", "Linear", 3, 4, null);
    }

    @Test
    void usersClassesAndNestedModules() {
        ModuleSpec.register(
                "Pair(first, second=None, *rest, last=True)",
                a -> new Pair(
                        a.module("first"), a.moduleOrNull("second"), a.rest().size(), a.bool("last")));
        assertTrue(ModuleSpec.names().contains("Pair"));
        Pair pair = (Pair)
                ModuleSpec.of("Pair", List.of(ModuleSpec.of("Linear", 2, 3), new ReLU(), 1, 2), Map.of("last", false))
                        .build();
        assertEquals("Linear(in_features=2, out_features=3, bias=True)", pair.first.toString());
        assertEquals("Pair(2, False)\n".strip(), pair.className() + "(" + pair.extraRepr() + ")");
        assertEquals("ReLU()", String.valueOf(pair.second));
        assertRefused("Pair's argument 'first' is 7: give a module", "Pair", 7);
    }

    @Test
    void containersOfParameters() {
        Tensor value = Torch.ones(2);
        assertEquals(
                "[0]",
                ModuleSpec.of("ParameterList", List.of(value))
                        .build()
                        .stateDict()
                        .keySet()
                        .toString());
        assertEquals(
                "[a]",
                ModuleSpec.of("ParameterDict", Map.of("a", value))
                        .build()
                        .stateDict()
                        .keySet()
                        .toString());
        assertEquals(0, ModuleSpec.of("ParameterList").build().parameters().size());
        assertEquals(0, ModuleSpec.of("ParameterDict").build().parameters().size());
        assertRefused("ParameterList's argument 'values' is 3: give a tensor", "ParameterList", List.of(3));
        assertRefused("ParameterDict's argument 'parameters' is 3: give a map", "ParameterDict", 3);
    }

    private static final class Pair extends Module<Object, Object> {
        final Module<?, ?> first;
        final @Nullable Module<?, ?> second;
        private final String text;

        Pair(Module<?, ?> first, @Nullable Module<?, ?> second, int rest, boolean last) {
            this.first = first;
            this.second = second;
            text = rest + ", " + (last ? "True" : "False");
        }

        @Override
        protected Object forward(Object x) {
            return x;
        }

        @Override
        protected String extraRepr() {
            return text;
        }
    }

    @Test
    void aSignatureThatCannotBeReadIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> ModuleSpec.register("Foo", a -> new Linear(1, 1)));
        assertThrows(IllegalArgumentException.class, () -> ModuleSpec.register("Foo(a=b)", a -> new Linear(1, 1)));
    }

    private static void assertRefused(String message, String module, @Nullable Object... args) {
        assertRefused(message, ModuleSpec.of(module, args));
    }

    private static void assertRefused(String message, ModuleSpec spec) {
        String actual =
                assertThrows(IllegalArgumentException.class, spec::build).getMessage();
        assertTrue(actual.startsWith(message), actual);
    }
}
