package org.jtorch.serialize.internal.stored;

import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.serialize.format.Limits;
import org.jtorch.serialize.internal.file.MappedFile;

/** How a file is read, according to the user's options. */
public interface Reading {

    /** Returns the limits of what the file may contain. */
    Limits limits();

    /** Returns whether tensors may be views of memory that is mapped or read already. */
    boolean isMapped();

    /** Returns how a file of the given size is opened. */
    MappedFile.Access access(long size);

    /** Returns whether bytes are compared with their checksums before they are used. */
    boolean isVerified();

    /** Returns whether objects of this unknown class, or names of this unknown function, are allowed. */
    boolean allows(String name);

    /** Returns whether the tensor with this key is loaded. */
    boolean wants(String key);

    /** Returns whether all tensors are loaded. */
    boolean wantsAll();

    /** Returns the device for a storage that was on {@code location}. */
    Device device(String location);

    /** Returns the dtype to which a tensor of {@code from} is converted. */
    DType converted(DType from);
}
