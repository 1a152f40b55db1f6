package org.jtorch.serialize.internal.zip;

/**
 * One entry of an archive, as its central directory says. The name is a key and never a path.
 *
 * @param name its name
 * @param deflated whether its bytes are deflated, or else stored as they are
 * @param crc the CRC-32 of its bytes; 0 where {@code torch.save} was told not to compute it
 * @param storedSize bytes it takes in the file
 * @param size bytes it has
 * @param headerOffset where its local header stands
 */
public record ZipEntry(String name, boolean deflated, int crc, long storedSize, long size, long headerOffset) {}
