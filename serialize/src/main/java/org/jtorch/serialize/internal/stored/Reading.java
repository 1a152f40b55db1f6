package org.jtorch.serialize.internal.stored;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.file.MappedFile;

/** How a file is read: what the user's options come to. */
public interface Reading {

    /** How far the file may go. */
    Limits limits();

    /** Whether tensors may be views of what is mapped, or in memory already. */
    boolean isMapped();

    /** How a file of so many bytes is opened. */
    MappedFile.Access access(long size);

    /** Whether bytes are compared with their checksums before they are used. */
    boolean isVerified();

    /** Whether objects of this class, or names of this function, are wanted although they are unknown. */
    boolean allows(String name);

    /** Whether the tensor of this key is wanted. */
    boolean wants(String key);

    /** Whether all tensors are wanted. */
    boolean wantsAll();

    /** Where a storage goes that was on {@code location}. */
    Device device(String location);

    /** What a tensor of {@code from} becomes. */
    DType converted(DType from);
}
