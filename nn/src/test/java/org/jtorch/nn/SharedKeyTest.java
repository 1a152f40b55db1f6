package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** A key of the state dict belongs to one field. If there were two, one would be lost without a message. */
@SuppressWarnings({"UnusedVariable", "UnusedMethod"}) // Fields are read by reflection.
class SharedKeyTest {

    private abstract static class Plain extends Module<Tensor, Tensor> {
        @Override
        protected Tensor forward(Tensor x) {
            return x;
        }
    }

    private static final class Spelled extends Plain {
        Linear inProj = new Linear(2, 2);
        Parameter in_proj = new Parameter(Torch.ones(2));
    }

    private static class Base extends Plain {
        private final Linear fc = new Linear(2, 2);

        Linear ofBase() {
            return fc;
        }
    }

    private static final class Shadowing extends Base {
        private final Linear fc = new Linear(3, 3);

        Linear own() {
            return fc;
        }
    }

    private static final class Annotated extends Plain {
        @Name("weight")
        Parameter kernel = new Parameter(Torch.ones(2));

        Buffer weight = new Buffer(Torch.ones(3));
    }

    private static final class Wide extends Plain {
        @Nullable
        Object inProj;

        Linear in_proj = new Linear(2, 2);
    }

    private static void refused(Supplier<Module<?, ?>> make, String... parts) {
        IllegalStateException e = assertThrows(IllegalStateException.class, make::get);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void twoFieldsUnderOneKey() {
        refused(Spelled::new, "'inProj'", "'in_proj'", "the same key \"in_proj\"", "@Name");
        refused(Annotated::new, "'kernel'", "'weight'", "the same key \"weight\"");
        refused(Wide::new, "'inProj'", "'in_proj'");
        refused(Shadowing::new, "'fc' (declared in " + Base.class.getName(), Shadowing.class.getName());
        assertEquals(2, new Base().ofBase().weight.size(0));
    }

    private static final class Renamed extends Base {
        @Name("fc2")
        private final Linear fc = new Linear(3, 3);

        private final int inProj = 1;
        private final Parameter in_proj = new Parameter(Torch.ones(inProj));
    }

    @Test
    void theRemedies() {
        assertEquals(
                List.of("in_proj", "fc.weight", "fc.bias", "fc2.weight", "fc2.bias"),
                List.copyOf(new Renamed().stateDict().keySet()));
    }

    private static final class Open extends Plain {
        @Nullable
        Object part = new Linear(2, 2);
    }

    /** A registered name takes the place of a field only if the field holds nothing, or something of the same kind. */
    @Test
    void aRegisteredNameDoesNotDriveOutWhatAFieldHolds() {
        Open open = new Open();
        Parameter parameter = new Parameter(Torch.ones(2));
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> open.registerParameter("part", parameter));
        assertEquals("attribute 'part' already exists", e.getMessage());
        assertEquals(
                List.of("part.weight", "part.bias"),
                List.copyOf(open.stateDict().keySet()));
        open.part = null;
        open.registerParameter("part", parameter);
        assertEquals(List.of("part"), List.copyOf(open.stateDict().keySet()));
    }
}
