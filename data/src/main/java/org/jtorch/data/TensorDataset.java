package org.jtorch.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.Torch;

/**
 * The rows of tensors. Example {@code i} is the list of row {@code i} of each tensor.
 *
 * <pre>{@code
 * var loader = new DataLoader<>(new TensorDataset(images, labels), o -> o.batchSize(32).shuffle(true));
 * for (List<Tensor> batch : loader) {
 *     Tensor x = batch.get(0), y = batch.get(1);
 * }
 * }</pre>
 *
 * @see <a href="https://pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset">torch.utils.data.TensorDataset</a>
 */
public final class TensorDataset implements BatchedDataset<List<Tensor>> {

    private final List<Tensor> tensors;
    private final int size;

    /**
     * Creates a dataset of the rows of {@code tensors}.
     *
     * @param tensors at least one tensor, each with at least one dimension; the first dimension of all has the same size. They
     *     are shared, not copied, and must not be freed while the dataset is in use
     * @throws IllegalArgumentException if there is no tensor, or the sizes of the first dimensions differ
     */
    public TensorDataset(Tensor... tensors) {
        this(List.of(tensors));
    }

    /** Creates a dataset of the rows of {@code tensors}, as {@link #TensorDataset(Tensor...)}. */
    public TensorDataset(List<? extends Tensor> tensors) {
        this.tensors = List.copyOf(tensors);
        if (this.tensors.isEmpty()) {
            throw new IllegalArgumentException("a TensorDataset needs at least one tensor");
        }
        for (int i = 0; i < this.tensors.size(); i++) {
            Tensor tensor = this.tensors.get(i);
            if (tensor.dim() == 0) {
                throw new IllegalArgumentException("tensor " + i + " has no dimensions, and so no rows");
            }
            if (tensor.size(0) != this.tensors.get(0).size(0)) {
                throw new IllegalArgumentException("Size mismatch between tensors: tensor 0 has "
                        + this.tensors.get(0).size(0) + " rows, and tensor " + i + " has " + tensor.size(0));
            }
        }
        size = Math.toIntExact(this.tensors.get(0).size(0));
    }

    /** Returns the tensors. */
    public List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public int size() {
        return size;
    }

    /** Returns row {@code index} of each tensor, as views. */
    @Override
    public List<Tensor> get(int index) {
        Objects.checkIndex(index, size);
        List<Tensor> rows = new ArrayList<>(tensors.size());
        for (Tensor tensor : tensors) {
            rows.add(tensor.select(0, index));
        }
        return rows;
    }

    /** Returns the rows at {@code indices} of each tensor, by one copy for each tensor. */
    @Override
    public List<Tensor> getBatch(int[] indices) throws Exception {
        for (Tensor tensor : tensors) {
            if (tensor.layout() != Layout.STRIDED || tensor.isNested()) {
                return Collate.defaultCollate(getAll(indices)); // says what cannot be collated
            }
        }
        for (int index : indices) {
            Objects.checkIndex(index, size);
        }
        List<Tensor> batch = new ArrayList<>(tensors.size());
        Tensor host = Torch.tensor(indices);
        for (Tensor tensor : tensors) {
            batch.add(tensor.indexSelect(0, tensor.isCpu() ? host : host.to(tensor.device())));
        }
        return batch;
    }
}
