package org.jtorch.export.internal.pt2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.export.graph.ExportException;
import org.jtorch.export.graph.Program;
import org.jtorch.export.graph.SymInt;
import org.jtorch.export.graph.TensorMeta;
import org.jtorch.serialize.Checkpoint;
import org.jtorch.serialize.LoadOptions;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.read.TensorLoader;
import org.jtorch.serialize.internal.stored.Bounds;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.stored.StoredTensor;
import org.jtorch.serialize.internal.torch.ArchiveStorages;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/**
 * Reads the archives of {@code torch.export.save}. There are three layouts: since PyTorch 2.9 each weight is an entry; before,
 * all weights are one file of {@code torch.save}; and before 2.8 the entries also have other names.
 */
public final class Pt2Reader {

    private static final String MODELS = "models/";
    private static final String WEIGHTS = "data/weights/";
    private static final String CONSTANTS = "data/constants/";
    private static final String SAMPLE_INPUTS = "data/sample_inputs/";
    private static final String EXTRA = "extra/";

    /** The name of the entry with the program before PyTorch 2.8. */
    private static final String OLD_PROGRAM = "serialized_exported_program.json";

    private static final int MAJOR = 8;

    /** The greatest number of bytes of one entry that is not a weight. */
    private static final int LIMIT = 1 << 28;

    private final MappedFile file;
    private final ZipArchive archive;
    private final Reading reading;
    private final Consumer<LoadOptions> options;
    private final String folder;

    private Pt2Reader(MappedFile file, Reading reading, Consumer<LoadOptions> options) {
        this.file = file;
        this.archive = ZipArchive.read(file);
        this.reading = reading;
        this.options = options;
        String first = archive.firstFile();
        this.folder = first == null || has(OLD_PROGRAM) ? "" : first.substring(0, first.indexOf('/') + 1);
    }

    /**
     * Reads an archive.
     *
     * @param reading how tensors are read
     * @param options the same as the user's options, for the parts that are files of {@code torch.save}
     */
    public static Pt2Contents read(MappedFile file, Reading reading, Consumer<LoadOptions> options) {
        Pt2Reader reader = new Pt2Reader(file, reading, options);
        return reader.archive.entry(OLD_PROGRAM) != null ? reader.old() : reader.current();
    }

    private Pt2Contents current() {
        String format = has("archive_format") ? text("archive_format") : null;
        if (!"pt2".equals(format)) {
            throw new ExportException(
                    "is not an exported program: the archive has no entry 'archive_format' that says pt2;"
                            + " torch.export.save writes such archives"
                            + (has("data.pkl") ? "; this is a checkpoint, which Checkpoint.load reads" : ""));
        }
        String version = has("archive_version") ? text("archive_version") : "0";
        if (!version.strip().equals("0")) {
            throw new ExportException("the version of the archive's layout is '" + version + "', but must be 0");
        }
        String name = modelName();
        return new Pt2Contents(
                program(MODELS + name + ".json"),
                payloads(WEIGHTS, WEIGHTS + name + "_weights_config.json", WEIGHTS + name + ".pt"),
                payloads(CONSTANTS, CONSTANTS + name + "_constants_config.json", CONSTANTS + name + ".pt"),
                has(SAMPLE_INPUTS + name + ".pt") ? bytes(SAMPLE_INPUTS + name + ".pt") : new byte[0],
                extraFiles(EXTRA));
    }

    private Pt2Contents old() {
        checkVersion("the archive's version", text("version"));
        return new Pt2Contents(
                program(OLD_PROGRAM),
                saved("serialized_state_dict.pt"),
                saved("serialized_constants.pt"),
                has("serialized_example_inputs.pt") ? bytes("serialized_example_inputs.pt") : new byte[0],
                extraFiles("extra_files/"));
    }

    /** Returns the name of the only program, or of the one that {@code torch.export.save} writes. */
    private String modelName() {
        List<String> names = new ArrayList<>();
        for (String file : archive.files()) {
            if (file.startsWith(folder + MODELS) && file.endsWith(".json")) {
                names.add(file.substring((folder + MODELS).length(), file.length() - ".json".length()));
            }
        }
        if (names.isEmpty()) {
            throw new ExportException("the archive has no program: there is no entry '" + folder + MODELS + "*.json'"
                    + (archive.files().stream().anyMatch(f -> f.startsWith(folder + "data/aotinductor/"))
                            ? "; it holds machine code of AOTInductor, which jtorch does not run"
                            : ""));
        }
        return names.size() == 1 ? names.get(0) : "model";
    }

    private Program program(String entry) {
        Program program = ProgramJson.read(bytes(entry), Program.class, "the program '" + entry + "'");
        checkVersion(
                "the version of the program's schema", program.schemaVersion().toString());
        return program;
    }

    private static void checkVersion(String what, String version) {
        if (!version.strip().startsWith(MAJOR + ".")) {
            throw new ExportException(what + " is " + version.strip() + ", but must be " + MAJOR
                    + ".x: export the model with another version of PyTorch");
        }
    }

    private Map<String, String> extraFiles(String place) {
        Map<String, String> files = new LinkedHashMap<>();
        for (String name : archive.files()) {
            if (name.startsWith(folder + place)) {
                String own = name.substring(folder.length());
                files.put(own.substring(place.length()), text(own));
            }
        }
        return files;
    }

    // --- tensors -----------------------------------------------------------------------------------------------

    private Map<String, Tensor> payloads(String place, String config, String saved) {
        if (has(saved)) {
            return saved(saved);
        }
        PayloadConfig payloads = ProgramJson.read(bytes(config), PayloadConfig.class, "the list '" + config + "'");
        ArchiveStorages storages = new ArchiveStorages(file, archive, folder + place, isBigEndian(), reading.limits());
        Map<String, FileStorage> known = new LinkedHashMap<>();
        Map<String, Object> described = new LinkedHashMap<>();
        Map<Object, StoredTensor> tied = new LinkedHashMap<>();
        payloads.config().forEach((name, payload) -> {
            TensorMeta meta = payload.tensorMeta();
            if (payload.usePickle() || meta == null) {
                described.put(name, pickled(name, place + payload.pathName()));
                return;
            }
            FileStorage storage = known.computeIfAbsent(payload.pathName(), path -> {
                FileStorage fresh = new FileStorage(
                        storages, path, storages.nbytes(path), meta.device().toString());
                storages.check(fresh);
                return fresh;
            });
            // parameters with the same bytes are one parameter
            StoredTensor tensor = described(storage, payload, meta);
            described.put(
                    name, tied.computeIfAbsent(List.of(payload.pathName(), payload.isParam(), meta), key -> tensor));
        });
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Object loaded = Objects.requireNonNull(TensorLoader.load(described, reading));
        ((Map<?, ?>) loaded).forEach((name, tensor) -> tensors.put((String) name, (Tensor) tensor));
        return tensors;
    }

    private StoredTensor described(FileStorage storage, PayloadConfig.Payload payload, TensorMeta meta) {
        DType dtype = SchemaTypes.dtype(meta.dtype());
        long[] sizes = numbers(meta.sizes());
        long[] strides = numbers(meta.strides());
        long offset = number(meta.storageOffset());
        Bounds.check(storage, storage.nbytes() / dtype.itemSize(), dtype, offset, sizes, strides, reading.limits());
        boolean differentiable = dtype.isFloatingPoint() || dtype.isComplex();
        return StoredTensor.strided(
                storage,
                dtype,
                offset,
                sizes,
                strides,
                new StoredTensor.Traits(
                        payload.isParam() && meta.requiresGrad() && differentiable, payload.isParam(), false, false));
    }

    private static long[] numbers(List<SymInt> values) {
        return values.stream().mapToLong(Pt2Reader::number).toArray();
    }

    private static long number(SymInt value) {
        if (value instanceof SymInt.Known known) {
            return known.value();
        }
        throw new ExportException("a weight has the size " + value + ", which is not a number");
    }

    /** Returns a tensor that PyTorch could not write as plain bytes, such as a subclass. */
    private Object pickled(String name, String entry) {
        Object value = checkpoint(entry).root();
        if (value instanceof Tensor tensor) {
            return tensor;
        }
        throw new ExportException("'" + name + "' is an object of " + (value == null ? "None" : value.getClass())
                + ", not a tensor: objects of registered classes are not supported");
    }

    private Map<String, Tensor> saved(String entry) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Object root = checkpoint(entry).root();
        if (!(root instanceof Map<?, ?> map)) {
            throw new ExportException("the entry '" + entry + "' is not a dict of tensors");
        }
        map.forEach((name, value) -> {
            if (!(name instanceof String key) || !(value instanceof Tensor tensor)) {
                throw new ExportException("the entry '" + entry + "' has '" + name + "', which is not a tensor but "
                        + (value == null ? "None" : value.getClass().getSimpleName()));
            }
            tensors.put(key, tensor);
        });
        return tensors;
    }

    private Checkpoint checkpoint(String entry) {
        return Checkpoint.load(ByteBuffer.wrap(bytes(entry)), options);
    }

    // --- entries -----------------------------------------------------------------------------------------------

    private boolean isBigEndian() {
        return has("byteorder") && text("byteorder").strip().equals("big");
    }

    private boolean has(String name) {
        return entry(name) != null;
    }

    private @Nullable ZipEntry entry(String name) {
        return archive.entry((folder == null ? "" : folder) + name);
    }

    private byte[] bytes(String name) {
        ZipEntry entry = entry(name);
        if (entry == null) {
            throw new ExportException("the archive is incomplete: it has no entry '" + folder + name + "'");
        }
        if (entry.deflated() && entry.size() / reading.limits().inflationRatio() > entry.storedSize() + (1 << 16)) {
            throw new ExportException("the entry '" + name + "' inflates from " + entry.storedSize() + " to "
                    + entry.size() + " bytes, which is more than is usual");
        }
        return archive.bytes(entry, LIMIT);
    }

    private String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }
}
