package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.activation.ReLU;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** What is found in the fields of a module, what may be registered by name, and what is rejected. */
@SuppressWarnings("unused") // The fields are read by reflection.
class RegistrationTest {

    /** A module that computes nothing. */
    private abstract static class Plain extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    private static List<String> names(List<? extends Named<?>> named) {
        return named.stream().map(Named::name).toList();
    }

    private static class Base extends Plain {
        Linear first = new Linear(2, 2);
        Parameter baseWeight = new Parameter(Torch.ones(1));
    }

    private static final class Derived extends Base {
        Buffer runningMean = new Buffer(Torch.zeros(2));

        Buffer cache = new Buffer(Torch.zeros(3), o -> o.persistent(false));

        Tensor noBuffer = Torch.zeros(1);

        @Nullable
        Linear absent;

        @Name("LayerNorm")
        Linear norm = new Linear(1, 1, o -> o.bias(false));

        private final Linear inProjWeight = new Linear(1, 1, o -> o.bias(false));

        @Unregistered
        Linear hidden = new Linear(3, 3);

        Module<?, ?> anyModule = new ReLU();

        Object anything = new Linear(1, 2, o -> o.bias(false));

        static Linear shared = new Linear(4, 4);

        @Nullable
        Parameter later;
    }

    @Test
    void fieldsAreFoundSuperclassFirstInTheirOrder() {
        Derived m = new Derived();
        assertEquals(
                List.of("first", "LayerNorm", "in_proj_weight", "any_module", "anything"), names(m.namedChildren()));
        assertEquals(
                List.of(
                        "base_weight",
                        "first.weight",
                        "first.bias",
                        "LayerNorm.weight",
                        "in_proj_weight.weight",
                        "anything.weight"),
                names(m.namedParameters()));
        assertEquals(List.of("running_mean", "cache"), names(m.namedBuffers()));
    }

    @Test
    void theStateDictLeavesOutBuffersThatDoNotPersist() {
        Derived m = new Derived();
        assertEquals(
                List.of(
                        "base_weight",
                        "running_mean",
                        "first.weight",
                        "first.bias",
                        "LayerNorm.weight",
                        "in_proj_weight.weight",
                        "anything.weight"),
                List.copyOf(m.stateDict().keySet()));
    }

    @Test
    void assigningAFieldIsRegistering() {
        Derived m = new Derived();
        m.absent = new Linear(5, 5, o -> o.bias(false));
        m.later = new Parameter(Torch.ones(1));
        assertTrue(names(m.namedParameters()).containsAll(List.of("absent.weight", "later")));
        assertSame(m.absent, m.namedChildren().get(1).value());
        m.absent = null;
        assertFalse(names(m.namedParameters()).contains("absent.weight"));
    }

    // --- by name -----------------------------------------------------------------------------------------------

    @Test
    void namesAtRunTimeStandBehindTheFields() {
        Base m = new Base();
        Linear extra = new Linear(1, 1, o -> o.bias(false));
        m.registerModule("extra", extra);
        m.addModule("nothing", null);
        m.registerParameter("gamma", new Parameter(Torch.ones(1)));
        m.registerParameter("noGamma", null);
        m.registerBuffer("mean", Torch.zeros(1));
        m.registerBuffer("scratch", Torch.zeros(1), false);
        m.registerBuffer("no_mean", null);
        assertEquals(
                List.of("base_weight", "gamma", "mean", "first.weight", "first.bias", "extra.weight"),
                List.copyOf(m.stateDict().keySet()));
        assertEquals(List.of("mean", "scratch"), names(m.namedBuffers()));
        assertSame(extra, m.namedChildren().get(1).value());
    }

    @Test
    void wrongNamesAreRefusedInPyTorchsWords() {
        Base m = new Base();
        assertEquals("module name can't contain \".\", got: a.b", refusal(() -> m.registerModule("a.b", null)));
        assertEquals("parameter name can't be empty string \"\"", refusal(() -> m.registerParameter("", null)));
        assertEquals("buffer name can't contain \".\"", refusal(() -> m.registerBuffer("x.", null)));
        assertEquals("attribute 'first' already exists", refusal(() -> m.registerBuffer("first", null)));
        assertEquals("attribute 'base_weight' already exists", refusal(() -> m.registerModule("base_weight", null)));
        m.registerBuffer("mean", null);
        assertEquals("attribute 'mean' already exists", refusal(() -> m.registerParameter("mean", null)));
        assertTrue(refusal(() -> {
                    Parameter computed = new Parameter(Torch.ones(2)) {};
                    computed.requiresGrad_(false);
                    computed.add_(new Parameter(Torch.ones(2)));
                    m.registerParameter("computed", computed);
                })
                .startsWith("Cannot assign non-leaf Tensor to parameter 'computed'."));
    }

    private static String refusal(Runnable registration) {
        return assertThrows(IllegalArgumentException.class, registration::run).getMessage();
    }

    // --- traps -------------------------------------------------------------------------------------------------

    private static final class InList extends Plain {
        List<Linear> layers = new ArrayList<>(List.of(new Linear(1, 1)));
    }

    private static final class InArray extends Plain {
        Linear[] layers = {new Linear(1, 1)};
    }

    private static final class InMap extends Plain {
        Map<String, Linear> layers = Map.of("a", new Linear(1, 1));
    }

    private static final class InNested extends Plain {
        List<Map<String, Linear[]>> layers = List.of(Map.of("a", new Linear[] {new Linear(1, 1)}));
    }

    private static final class Parameters extends Plain {
        List<Parameter> weights = List.of(new Parameter(Torch.ones(1)));
    }

    private static final class Meant extends Plain {
        @Unregistered
        List<Linear> layers = List.of(new Linear(1, 1));

        List<String> words = List.of("a");
        long[] sizes = {1};
    }

    private static final class Declared extends Plain {
        List<Linear> layers = new ModuleList<>(new Linear(1, 1));
    }

    @Test
    void modulesInAPlainCollectionAreRefusedAtTheFirstTraversal() {
        List<Consumer<Module<?, ?>>> traversals = List.of(
                Module::parameters,
                Module::namedParameters,
                Module::buffers,
                Module::modules,
                Module::children,
                Module::stateDict,
                Module::train,
                Module::zeroGrad,
                m -> m.apply(x -> {}),
                m -> m.loadStateDict(Map.of()));
        for (Consumer<Module<?, ?>> traversal : traversals) {
            for (Module<?, ?> m : List.of(new InList(), new InArray(), new InMap(), new InNested())) {
                String message = assertThrows(IllegalStateException.class, () -> traversal.accept(m))
                        .getMessage();
                assertTrue(message.startsWith("field 'layers' of "), message);
                assertTrue(message.contains("holds a Linear in a plain "), message);
                assertTrue(message.contains("use a ModuleList or registerModule"), message);
            }
        }
    }

    @Test
    void parametersInAPlainCollectionAreRefused() {
        String message = assertThrows(IllegalStateException.class, () -> new Parameters().parameters())
                .getMessage();
        assertTrue(message.contains("holds a Parameter in a plain "), message);
    }

    @Test
    void whatIsMeantPasses() {
        assertEquals(List.of(), new Meant().parameters());
    }

    @Test
    void aModuleListIsFoundInAFieldDeclaredAsAnyList() {
        assertEquals(List.of("layers.0.weight", "layers.0.bias"), names(new Declared().namedParameters()));
    }

    @Test
    void annotationsThatCannotBeAreRefused() {
        class WrongName extends Plain {
            @Name("a.b")
            Linear dotted = new Linear(1, 1);
        }
        assertTrue(assertThrows(IllegalStateException.class, WrongName::new)
                .getMessage()
                .contains("@Name(\"a.b\")"));
    }

    // --- holders of other kinds --------------------------------------------------------------------------------

    private record Heads(Linear main, Linear extra) {}

    private record Sizes(long width, List<String> names) {}

    private static final class InRecord extends Plain {
        Heads heads = new Heads(new Linear(1, 1), new Linear(1, 1));
    }

    private static final class InOptional extends Plain {
        Optional<Linear> maybe = Optional.of(new Linear(1, 1));
    }

    private static final class InListOfRecords extends Plain {
        List<Heads> heads = List.of(new Heads(new Linear(1, 1), new Linear(1, 1)));
    }

    private static final class HarmlessRecord extends Plain {
        Sizes sizes = new Sizes(3, List.of("a"));
        Optional<String> name = Optional.of("a");
    }

    private static String trap(Module<?, ?> m) {
        return assertThrows(IllegalStateException.class, m::parameters).getMessage();
    }

    @Test
    void modulesInRecordsAndOptionalsAreRefused() {
        assertTrue(trap(new InRecord()).contains("holds a Linear in the record Heads"));
        assertTrue(trap(new InRecord()).contains("make the record a Module, or use fields"));
        assertTrue(trap(new InOptional()).contains("holds a Linear in a plain Optional"));
        assertTrue(trap(new InListOfRecords()).contains("holds a Linear in a plain "));
        assertEquals(List.of(), new HarmlessRecord().parameters());
    }

    @Test
    void whatALocalClassUsesFromAroundItIsRefused() {
        Linear around = new Linear(1, 1);
        Module<Tensor, Tensor> m = new Plain() {
            @Override
            protected Tensor forward(Tensor x) {
                return around.call(x);
            }
        };
        String message = trap(m);
        assertTrue(message.contains("uses a Linear 'around' from around it"), message);
        assertTrue(message.contains("hold it in a field"), message);
    }

    private static final class Outer extends Plain {
        Linear fc = new Linear(1, 1, o -> o.bias(false));

        final class Inner extends Plain {
            Linear own = new Linear(2, 2, o -> o.bias(false));

            @Override
            protected Tensor forward(Tensor x) {
                return fc.call(x);
            }
        }

        Inner inner = new Inner();
        Module<Tensor, Tensor> anonymous = new Plain() {
            Linear within = new Linear(3, 3, o -> o.bias(false));
        };
    }

    @Test
    void nestedAndAnonymousClassesHoldTheirOwnFieldsAndNotTheirOuterInstance() {
        assertEquals(
                List.of("fc.weight", "inner.own.weight", "anonymous.within.weight"),
                names(new Outer().namedParameters()));
        assertEquals("Plain", new Outer().anonymous.className());
    }

    private static final class Containers extends Plain {
        Iterable<Module<Tensor, Tensor>> steps = new Sequential(new ReLU());
        Map<String, Linear> byName = new ModuleDict<>(Map.of("a", new Linear(1, 1)));
        List<Parameter> scales = new ParameterList(Torch.ones(1), Torch.ones(1));
        Map<String, Parameter> sides = new ParameterDict(Map.of("left", Torch.ones(1)));
    }

    @Test
    void containersAreFoundBehindTheInterfacesOfCollections() {
        Containers m = new Containers();
        assertEquals(
                List.of("by_name.a.weight", "by_name.a.bias", "scales.0", "scales.1", "sides.left"),
                names(m.namedParameters()));
        assertEquals(List.of("steps", "by_name", "scales", "sides"), names(m.namedChildren()));
    }

    // --- fields by name ----------------------------------------------------------------------------------------

    @Test
    void aFieldIsReplacedByName() {
        Derived m = new Derived();
        Linear fresh = new Linear(2, 2);
        m.registerModule("first", fresh);
        assertSame(fresh, m.first);
        m.setSubmodule("LayerNorm", fresh);
        assertSame(fresh, m.norm);
        m.registerParameter("later", new Parameter(Torch.ones(4)));
        assertEquals(4, m.getParameter("later").numel());
        m.registerBuffer("running_mean", null);
        assertEquals(List.of("cache"), names(m.namedBuffers()));
        m.registerModule("any_module", null);
        assertFalse(names(m.namedChildren()).contains("any_module"));
    }

    @Test
    void aFieldThatCannotTakeItSaysSo() {
        Derived m = new Derived();
        assertTrue(refusal(() -> m.setSubmodule("first", new ReLU()))
                .endsWith("takes a Linear, not a ReLU: give it a wider type, such as Module<?, ?>"));
        assertTrue(assertThrows(IllegalStateException.class, () -> m.setSubmodule("in_proj_weight", new Linear(1, 1)))
                .getMessage()
                .contains("is final, and reflection does not write final fields"));
        assertEquals("attribute 'hidden' already exists", refusal(() -> m.registerBuffer("hidden", null)));
    }
}
