package org.jtorch.distributed;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.Torch;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;

/** Broadcasts many tensors with one operation for each dtype. */
final class Coalesced {

    private Coalesced() {}

    /** Copies the values of rank {@code source} to all processes. */
    static void broadcast(ProcessGroup group, List<? extends Tensor> tensors, int source) {
        Map<DType, List<Tensor>> byDtype = new EnumMap<>(DType.class);
        tensors.forEach(each -> byDtype.computeIfAbsent(each.dtype(), dtype -> new ArrayList<>())
                .add(each.detach()));
        for (List<Tensor> together : byDtype.values()) {
            try (GradMode mode = Autograd.noGrad();
                    TensorScope scope = new TensorScope()) {
                Tensor flat = Torch.cat(together.stream()
                        .map(each -> each.contiguous().view(-1))
                        .toList());
                group.broadcast(flat, source);
                long offset = 0;
                for (Tensor each : together) {
                    each.copy_(flat.narrow(0, offset, each.numel()).view(each.shape()));
                    offset += each.numel();
                }
            }
        }
    }
}
