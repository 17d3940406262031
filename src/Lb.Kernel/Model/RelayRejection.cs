namespace Lb.Kernel;

/// <summary>Why a connection was ended before a backend was chosen for it.</summary>
public enum RelayRejection : byte
{
    /// <summary>Its first bytes did not come in time.</summary>
    Timeout,

    /// <summary>Its client ended it first.</summary>
    Closed,

    /// <summary>It came from a trusted source and began without a header of the PROXY protocol.</summary>
    NoHeader,

    /// <summary>Its header was damaged, or of a version that is not accepted.</summary>
    BadHeader,

    /// <summary>The checksum of its header was wrong.</summary>
    BadChecksum,

    /// <summary>No backend is for the TLS name that it asked for.</summary>
    NoName,

    /// <summary>No backend of that name is for a protocol that it offered.</summary>
    NoProtocol,
}
