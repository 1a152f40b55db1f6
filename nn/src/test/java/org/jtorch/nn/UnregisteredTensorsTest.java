package org.jtorch.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.nn.linear.Linear;
import org.junit.jupiter.api.Test;

/** {@link Module#unregisteredTensors()}: what it finds, and what it does not. */
class UnregisteredTensorsTest {

    private static class Base extends Module<Tensor, Tensor> {
        Tensor mean = Torch.zeros(2);

        @Override
        protected Tensor forward(Tensor x) {
            return x.sub(mean);
        }
    }

    @SuppressWarnings("UnusedVariable") // Reflection reads them.
    private static final class Net extends Base {
        Linear child = new Linear(2, 2);
        Base deeper = new Base();
        Parameter weight = new Parameter(Torch.ones(2));
        Tensor alsoParameter = weight;
        Tensor alsoBuffer = Torch.ones(2);

        Buffer buffer = new Buffer(Torch.ones(2));

        @Unregistered
        Tensor meant = Torch.ones(2);

        @Nullable
        Tensor none;

        Object any = Torch.ones(1);
        Tensor[] array = {Torch.ones(1), Torch.ones(2)};
        Map<String, List<Tensor>> map = Map.of("a", List.of(Torch.ones(3)));

        Net() {
            registerBuffer("named", alsoBuffer);
        }
    }

    @Test
    void tensorsInFieldsAndCollectionsOfTheModuleItself() {
        Net net = new Net();
        List<Named<Tensor>> found = net.unregisteredTensors();
        assertEquals(
                List.of("mean", "alsoBuffer", "any", "array", "array", "map"),
                found.stream().map(Named::name).toList());
        assertSame(net.mean, found.get(0).value());
        assertEquals(List.of(), net.child.unregisteredTensors());
        net.none = Torch.ones(1);
        assertEquals(7, net.unregisteredTensors().size(), "fields are read anew");
        assertEquals(1, net.deeper.unregisteredTensors().size());
    }
}
