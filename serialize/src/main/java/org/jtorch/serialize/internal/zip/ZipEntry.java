package org.jtorch.serialize.internal.zip;

/**
 * One entry of an archive, according to its central directory. The name is a key and never a path.
 *
 * @param name the name
 * @param deflated whether its bytes are deflated; otherwise they are stored
 * @param crc the CRC-32 of its bytes; 0 if {@code torch.save} was told not to compute it
 * @param storedSize the number of bytes in the file
 * @param size the number of bytes after inflating
 * @param headerOffset the position of its local header
 */
public record ZipEntry(String name, boolean deflated, int crc, long storedSize, long size, long headerOffset) {}
