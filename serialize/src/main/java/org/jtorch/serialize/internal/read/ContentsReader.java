package org.jtorch.serialize.internal.read;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.internal.file.ForeignFormats;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.safetensors.SafetensorsReader;
import org.jtorch.serialize.internal.safetensors.ShardedReader;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.Reading;
import org.jtorch.serialize.internal.torch.LegacyReader;
import org.jtorch.serialize.internal.torch.Siblings;
import org.jtorch.serialize.internal.torch.TorchReader;
import org.jtorch.serialize.internal.zip.ZipArchive;

/** Reads the contents of any file, and keeps the files of its tensors open until they are loaded. */
public final class ContentsReader implements AutoCloseable {

    private final Reading reading;
    private final Deque<MappedFile> files = new ArrayDeque<>();

    public ContentsReader(Reading reading) {
        this.reading = reading;
    }

    /** Reads the contents of {@code file}, and takes ownership of it. */
    public Contents read(MappedFile file, Siblings siblings) {
        return switch (kind(file)) {
            case ZIP -> readZip(file);
            case INDEX -> readIndex(file, siblings);
            default -> readPlain(file);
        };
    }

    private FormatDetection.Kind kind(MappedFile file) {
        files.push(file);
        return FormatDetection.of(file);
    }

    private Contents readPlain(MappedFile file) {
        return switch (FormatDetection.of(file)) {
            case LEGACY -> LegacyReader.read(file, reading);
            case SAFETENSORS -> SafetensorsReader.read(file);
            case ZIP -> readTorchZip(file);
            case INDEX -> throw new CheckpointException("is an index, but a checkpoint file is expected");
        };
    }

    private Contents readTorchZip(MappedFile file) {
        ZipArchive archive = ZipArchive.read(file);
        Contents contents = TorchReader.read(file, archive, reading);
        if (contents == null) {
            throw noCheckpoint(archive);
        }
        return contents;
    }

    /** Returns an exception that describes the archive, if its format is known. */
    private static CheckpointException noCheckpoint(ZipArchive archive) {
        String foreign = ForeignFormats.of(archive);
        if (foreign != null) {
            return new CheckpointException(foreign);
        }
        int files = archive.files().size();
        return files == 1
                ? noPickle()
                : new CheckpointException(noPickle().getMessage() + "; if a checkpoint is among its " + files
                        + " files, unpack it first and load that");
    }

    private static CheckpointException noPickle() {
        return new CheckpointException("the zip archive has no data.pkl: torch.save did not write it");
    }

    /** Reads an archive, which is a checkpoint itself or contains one, complete or sharded. */
    private Contents readZip(MappedFile file) {
        ZipArchive archive = ZipArchive.read(file);
        Contents contents = TorchReader.read(file, archive, reading);
        if (contents != null) {
            return contents;
        }
        List<String> names = archive.files();
        List<String> indices =
                names.stream().filter(name -> name.endsWith(".index.json")).toList();
        String only = indices.size() == 1 ? indices.get(0) : names.size() == 1 ? names.get(0) : null;
        if (only == null || ForeignFormats.of(archive) != null) {
            throw noCheckpoint(archive);
        }
        Siblings siblings = Siblings.in(file, archive, only, reading);
        MappedFile inner = siblings.open(only.substring(only.lastIndexOf('/') + 1));
        FormatDetection.Kind kind;
        try {
            kind = kind(inner);
        } catch (CheckpointException e) {
            throw new CheckpointException(
                    noPickle().getMessage() + ", and its entry is not a checkpoint: it " + e.getMessage(), e);
        }
        return kind == FormatDetection.Kind.INDEX ? readIndex(inner, siblings) : readPlain(inner);
    }

    private Contents readIndex(MappedFile file, Siblings siblings) {
        return new ShardedReader(reading, name -> {
                    MappedFile shard = siblings.open(name);
                    files.push(shard);
                    return readPlain(shard);
                })
                .read(file);
    }

    @Override
    public void close() {
        files.forEach(MappedFile::close);
    }
}
