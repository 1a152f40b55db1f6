package org.jtorch.serialize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.zip.CRC32;
import org.jtorch.serialize.format.CheckpointException;
import org.jtorch.serialize.format.CheckpointFormat;
import org.jtorch.serialize.format.UnknownClassException;
import org.jtorch.serialize.internal.contents.ContentsWalk;
import org.jtorch.serialize.internal.contents.UnknownClasses;
import org.jtorch.serialize.internal.distributed.DistributedFolder;
import org.jtorch.serialize.internal.distributed.FolderIndex;
import org.jtorch.serialize.internal.file.MappedFile;
import org.jtorch.serialize.internal.read.FormatDetection;
import org.jtorch.serialize.internal.read.TensorLoader;
import org.jtorch.serialize.internal.safetensors.SafetensorsReader;
import org.jtorch.serialize.internal.safetensors.ShardedReader;
import org.jtorch.serialize.internal.stored.Contents;
import org.jtorch.serialize.internal.stored.FileStorage;
import org.jtorch.serialize.internal.zip.ZipArchive;
import org.jtorch.serialize.internal.zip.ZipEntry;

/**
 * The result of {@link Checkpoint#check} for a file that is whole and safe.
 *
 * @param format the file's format
 * @param files the files that were read: the file, or an index and its shards or the files of its folder
 * @param bytes the number of bytes of these files
 * @param tensors the number of tensors
 * @param checksums the number of checksums that were compared; 0 if the file has none
 * @param unchecked parts of a zip archive that have no checksum
 */
public record CheckpointReport(
        CheckpointFormat format, List<Path> files, long bytes, int tensors, int checksums, int unchecked) {

    private static final int PIECE = 1 << 24;

    static CheckpointReport of(Path path, Contents contents, LoadOptions options, ConvertOptions.Progress progress) {
        CheckpointInfo info = new CheckpointInfo(contents, options, path);
        if (info.format() == CheckpointFormat.DISTRIBUTED) {
            return ofFolder(path, contents, info, options, progress);
        }
        Set<Path> files = new LinkedHashSet<>();
        files.add(path);
        if (info.format() == CheckpointFormat.SHARDED) {
            addShards(path, files);
        }
        long total = size(files);
        long bytes = 0;
        int checksums = 0;
        int unchecked = 0;
        for (Path each : files) {
            try (MappedFile file = MappedFile.open(each, size -> MappedFile.Access.COPIED)) {
                long before = bytes;
                bytes += file.size();
                FormatDetection.Kind kind = FormatDetection.of(file);
                if (kind == FormatDetection.Kind.SAFETENSORS) {
                    int right = SafetensorsReader.verify(file, (key, done) -> progress.at(key, before + done, total));
                    checksums += right;
                    if (right > 0) {
                        continue;
                    }
                }
                if (kind != FormatDetection.Kind.ZIP) {
                    readAll(file, done -> progress.at("", before + done, total));
                    continue;
                }
                ZipArchive archive = ZipArchive.read(file);
                for (ZipEntry entry : archive.entries().values()) {
                    if (archive.check(
                            entry, (offset, length) -> progress.at(entry.name(), before + offset + length, total))) {
                        checksums++;
                    } else {
                        unchecked++;
                    }
                }
            } catch (CheckpointException e) {
                throw each.equals(path) ? e : e.in("shard " + each.getFileName());
            }
        }
        // last, since a wrong checksum is the better message; this checks the indices of sparse tensors
        checkTensors(contents, options);
        return new CheckpointReport(
                info.format(), new ArrayList<>(files), bytes, info.tensors().size(), checksums, unchecked);
    }

    /** Checks what the structure of the file does not show, and that it has no unknown classes. */
    private static void checkTensors(Contents contents, LoadOptions options) {
        TensorLoader.check(contents.root(), options.reading());
        Map<String, List<String>> unknown = UnknownClasses.anywhereIn(contents, options.reading()::allows);
        if (!unknown.isEmpty()) {
            throw new UnknownClassException(unknown, "is whole, but ");
        }
    }

    /** Compares the checksums of all parts of tensors. The parts that are no tensors were read with the index. */
    private static CheckpointReport ofFolder(
            Path path, Contents contents, CheckpointInfo info, LoadOptions options, ConvertOptions.Progress progress) {
        Set<Path> files = new LinkedHashSet<>();
        files.add(path.resolve(FolderIndex.NAME));
        try (DistributedFolder folder = DistributedFolder.open(path, options.reading())) {
            files.addAll(folder.files());
        }
        int[] checked = {0, 0};
        long[] done = {0};
        long total = info.nbytes();
        ContentsWalk.replace(contents.root(), (key, tensor) -> {
            FileStorage storage = tensor.storage();
            if (storage != null) {
                checked[storage.source().verify(storage) ? 0 : 1]++;
            }
            done[0] += tensor.nbytes();
            progress.at(key.toString(), done[0], total);
            return tensor;
        });
        checkTensors(contents, options);
        return new CheckpointReport(
                info.format(),
                new ArrayList<>(files),
                size(files),
                info.tensors().size(),
                checked[0],
                checked[1]);
    }

    /** Adds the shards of an index. If the index is inside of a zip archive, the shards are entries of that archive. */
    private static void addShards(Path path, Set<Path> files) {
        try (MappedFile index = MappedFile.open(path, size -> MappedFile.Access.COPIED)) {
            if (FormatDetection.of(index) == FormatDetection.Kind.INDEX) {
                byte[] json = new byte[(int) index.size()];
                index.at(0, json.length).get(0, json);
                ShardedReader.parse(json).files().values().forEach(name -> files.add(path.resolveSibling(name)));
            }
        }
    }

    private static long size(Set<Path> files) {
        long size = 0;
        for (Path file : files) {
            try {
                size += Files.size(file);
            } catch (IOException e) {
                // an error in the index is reported when it is opened
            }
        }
        return size;
    }

    /** Reads a file without checksums. This only shows whether the disk returns every byte. */
    private static void readAll(MappedFile file, LongConsumer progress) {
        CRC32 crc = new CRC32();
        for (long done = 0; done < file.size(); done += PIECE) {
            int length = (int) Math.min(PIECE, file.size() - done);
            crc.update(file.at(done, length));
            progress.accept(done + length);
        }
    }
}
