package org.jtorch.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.autograd.Context;
import org.jtorch.autograd.Function;
import org.junit.jupiter.api.Test;

/** Functions under autocast, as torch/amp/autocast_mode.py defines custom_fwd and custom_bwd. */
class CustomCastTest {

    /** A product that remembers how its passes ran. */
    private static final class Product extends Function {
        private final @Nullable CustomCast cast;
        private DType given = DType.BOOL;
        private boolean forwardOn;
        private boolean backwardOn;
        private DType backwardDtype = DType.BOOL;

        Product(@Nullable CustomCast cast) {
            this.cast = cast;
        }

        @Override
        protected @Nullable CustomCast autocast() {
            return cast;
        }

        @Override
        protected List<Tensor> forward(Context ctx, List<Tensor> inputs) {
            given = inputs.get(0).dtype();
            forwardOn = Autocast.isEnabled(Device.CPU);
            ctx.saveForBackward(inputs.get(0), inputs.get(1));
            return List.of(inputs.get(0).mm(inputs.get(1)));
        }

        @Override
        protected List<? extends @Nullable Tensor> backward(Context ctx, List<? extends @Nullable Tensor> grads) {
            backwardOn = Autocast.isEnabled(Device.CPU);
            backwardDtype = Autocast.dtype(Device.CPU);
            List<Tensor> saved = ctx.savedTensors();
            return List.of(grads.get(0).mm(saved.get(1).t()), saved.get(0).t().mm(grads.get(0)));
        }
    }

    private final Tensor x = Torch.ones(2, 2).requiresGrad_();
    private final Tensor w = Torch.ones(2, 2).requiresGrad_();

    private DType apply(Product product, DType dtype) {
        Tensor result;
        try (Autocast autocast = new Autocast(Device.CPU, o -> o.dtype(dtype))) {
            result = product.apply(x, w);
        }
        result.sum().backward();
        assertEquals(DType.FLOAT32, w.grad().dtype());
        assertFalse(Autocast.isEnabled(Device.CPU));
        return result.dtype();
    }

    @Test
    void theBackwardRunsWithTheSettingsOfTheForward() {
        Product product = new Product(CustomCast.none(Device.CPU));
        assertEquals(DType.FLOAT16, apply(product, DType.FLOAT16));
        assertEquals(DType.FLOAT32, product.given);
        assertTrue(product.forwardOn);
        assertTrue(product.backwardOn);
        assertEquals(DType.FLOAT16, product.backwardDtype);
    }

    @Test
    void inputsAreCastAndAutocastIsOff() {
        Product product = new Product(CustomCast.inputs(Device.CPU, DType.BFLOAT16));
        assertEquals(DType.BFLOAT16, apply(product, DType.FLOAT16));
        assertEquals(DType.BFLOAT16, product.given);
        assertFalse(product.forwardOn);
        assertFalse(product.backwardOn);
        Product wide = new Product(CustomCast.inputs(Device.CPU, DType.FLOAT32));
        assertEquals(DType.FLOAT32, apply(wide, DType.BFLOAT16));
    }

    @Test
    void nothingIsCastOutsideOfAutocast() {
        Product product = new Product(CustomCast.inputs(Device.CPU, DType.BFLOAT16));
        assertEquals(DType.FLOAT32, product.apply(x, w).dtype());
        assertEquals(DType.FLOAT32, product.given);
    }

    @Test
    void withoutACustomCastTheBackwardHasTheSettingsOfItsThread() {
        Product product = new Product(null);
        Tensor result;
        try (Autocast autocast = Autocast.cpu()) {
            result = product.apply(x, w.to(DType.FLOAT32));
            result.sum().backward();
        }
        assertTrue(product.forwardOn);
        assertTrue(product.backwardOn);
    }
}
