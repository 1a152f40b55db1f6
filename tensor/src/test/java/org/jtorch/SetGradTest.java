package org.jtorch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What PyTorch 2.14 takes as a gradient, and what it says to what it does not. */
class SetGradTest {

    private static Tensor leaf() {
        return Torch.ones(2, 3).requiresGrad_();
    }

    private static void refused(String message, Tensor tensor, Tensor grad) {
        TorchException e = assertThrows(TorchException.class, () -> tensor.setGrad(grad));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
        assertNull(tensor.grad());
    }

    private static Tensor ones(DType dtype) {
        return Torch.ones(new long[] {2, 3}, TensorOptions.of(dtype));
    }

    @Test
    void itself() {
        Tensor p = leaf();
        refused("can't assign Variable as its own grad", p, p);
        // an alias is another tensor
        p.setGrad(p.detach());
        assertArrayEquals(
                new double[] {1, 1, 1, 1, 1, 1},
                Objects.requireNonNull(p.grad()).toDoubleArray());
    }

    @Test
    void anotherShape() {
        refused(
                "attempting to assign a gradient of size '[3, 2]' to a tensor of size '[2, 3]'."
                        + " Please ensure that the gradient and the tensor are the same size",
                leaf(),
                Torch.ones(3, 2));
        refused("attempting to assign a gradient of size '[1]'", leaf(), Torch.ones(1));
        refused(
                "attempting to assign a gradient of size '[3, 2]'",
                leaf(),
                Torch.ones(3, 2).toSparse());
        refused(
                "attempting to assign a gradient of size '[3]'",
                Torch.ones(2).requiresGrad_().mul(2),
                Torch.ones(3));
    }

    @Test
    void anotherDtype() {
        refused(
                "attempting to assign a gradient with dtype 'torch.float64' to a tensor with grad_dtype 'torch.float32'",
                leaf(),
                ones(DType.FLOAT64));
        refused(
                "attempting to assign a gradient with dtype",
                leaf(),
                ones(DType.FLOAT64).toSparse());
        refused("attempting to assign a gradient with dtype", leaf(), ones(DType.COMPLEX64));
        refused("attempting to assign a gradient with dtype", ones(DType.INT64), ones(DType.FLOAT32));
    }

    @Test
    void anotherDeviceOrLayout() {
        refused(
                "attempting to assign a gradient with device 'meta' to a tensor with device 'cpu'."
                        + " Please ensure that the gradient and the tensor are on the same device",
                leaf(),
                Torch.ones(new long[] {2, 3}, TensorOptions.of(DType.FLOAT32).device(Device.META)));
        String type = "attempting to assign a gradient to a tensor that has data of a different type";
        refused(type, leaf(), (Tensor) Operator.find("aten::to_sparse_csr", "")
                .call(Torch.ones(2, 3), null)
                .get(0));
        refused(type, Torch.ones(2, 3).toSparse(), Torch.ones(2, 3));
    }

    @Test
    void whatIsTaken() {
        Tensor p = leaf();
        p.setGrad(Torch.ones(2, 3).toSparse());
        assertEquals(Layout.SPARSE_COO, Objects.requireNonNull(p.grad()).layout());
        p.setGrad(Torch.ones(1).expand(2, 3));
        assertArrayEquals(new long[] {0, 0}, Objects.requireNonNull(p.grad()).strides());
        p.setGrad(Torch.ones(3, 2).t());
        p.setGrad(leaf());
        assertTrue(Objects.requireNonNull(p.grad()).requiresGrad());
        p.setGrad(null);
        assertNull(p.grad());
        Tensor whole = ones(DType.INT64);
        whole.setGrad(ones(DType.INT64));
        Tensor computed = leaf().mul(2);
        computed.setGrad(Torch.ones(2, 3));
        assertEquals(6, Objects.requireNonNull(computed.grad()).sum().item());
    }
}
