package org.jtorch.export.internal.pt2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.autograd.Autograd;
import org.jtorch.autograd.GradMode;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.internal.LentBytes;
import org.jtorch.nn.Parameter;
import org.jtorch.serialize.internal.torch.TorchArchive;

/**
 * Writes the archives of {@code torch.export.save} since PyTorch 2.9. Each storage is an entry, so that tied weights and views
 * are written once. The bytes go from the tensors' memory to the channel.
 */
public final class Pt2Writer implements AutoCloseable {

    private static final String MODEL = "model";

    private final TorchArchive archive;

    /** What was opened and is closed at the end. */
    private final List<AutoCloseable> open = new ArrayList<>();

    private Pt2Writer(TorchArchive archive) {
        this.archive = archive;
    }

    /**
     * Writes a program.
     *
     * @param name the name of the folder in the archive
     */
    public static void write(WritableByteChannel channel, String name, Pt2Contents contents) throws IOException {
        try (GradMode mode = Autograd.noGrad();
                Pt2Writer writer = new Pt2Writer(new TorchArchive(channel, name))) {
            writer.write(contents);
        }
    }

    private void write(Pt2Contents contents) throws IOException {
        byte[] program = ProgramJson.write(contents.program()); // before anything else, since it can fail
        archive.add("archive_format", "pt2");
        archive.add("byteorder", "little");
        payloads("data/weights/", MODEL + "_weights_config.json", "weight_", contents.state());
        payloads("data/constants/", MODEL + "_constants_config.json", "tensor_", contents.constants());
        archive.add("models/" + MODEL + ".json", ByteBuffer.wrap(program));
        archive.add("data/sample_inputs/" + MODEL + ".pt", ByteBuffer.wrap(contents.sampleInputs()));
        for (Map.Entry<String, String> extra : contents.extraFiles().entrySet()) {
            archive.add("extra/" + extra.getKey(), extra.getValue());
        }
        archive.add("archive_version", "0");
        archive.add(".data/version", "6\n");
        archive.finish();
    }

    private void payloads(String folder, String config, String prefix, Map<String, Tensor> tensors) throws IOException {
        Map<String, PayloadConfig.Payload> payloads = new LinkedHashMap<>();
        Map<Long, String> names = new LinkedHashMap<>();
        List<UntypedStorage> storages = new ArrayList<>();
        tensors.forEach((key, tensor) -> {
            Tensor held = onCpu(key, tensor);
            UntypedStorage storage = keep(UntypedStorage.of(held));
            String path = names.computeIfAbsent(storage.id(), id -> {
                storages.add(storage);
                return prefix + (storages.size() - 1);
            });
            payloads.put(key, new PayloadConfig.Payload(path, tensor instanceof Parameter, false, meta(held, tensor)));
        });
        for (int i = 0; i < storages.size(); i++) {
            UntypedStorage storage = storages.get(i);
            archive.add(
                    folder + prefix + i, storage.nbytes(), (offset, length) -> LentBytes.of(storage, offset, length));
        }
        archive.add(folder + config, ByteBuffer.wrap(ProgramJson.write(new PayloadConfig(payloads))));
    }

    private Tensor onCpu(String name, Tensor tensor) {
        if (tensor.layout() != Layout.STRIDED || tensor.isMeta()) {
            throw new ExportException("'" + name + "' has layout " + tensor.layout() + " on device " + tensor.device()
                    + ", but a program holds dense tensors: call toDense() on it, or give it values");
        }
        if (tensor.isConj() || tensor.isNeg()) {
            return keep(tensor.detach().clone());
        }
        return tensor.isCpu() ? tensor : keep(tensor.detach().to(Device.CPU));
    }

    private <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    private static TensorMeta meta(Tensor tensor, Tensor original) {
        return new TensorMeta(
                SchemaTypes.number(tensor.dtype()),
                known(tensor.shape()),
                original.requiresGrad(),
                SchemaTypes.name(original.device()), // where PyTorch moves it after reading
                known(tensor.strides()),
                new SymInt.Known(tensor.storageOffset()),
                SchemaTypes.number(Layout.STRIDED));
    }

    private static List<SymInt> known(long[] numbers) {
        List<SymInt> list = new ArrayList<>(numbers.length);
        for (long number : numbers) {
            list.add(new SymInt.Known(number));
        }
        return list;
    }

    @Override
    public void close() {
        for (AutoCloseable resource : open) {
            try {
                resource.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError("neither tensors nor storages throw checked exceptions", e);
            }
        }
    }
}
