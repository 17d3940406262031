namespace Lb.Kernel;

/// <summary>Why a relayed connection ended.</summary>
public enum RelayEnd : byte
{
    /// <summary>Both sides have ended; the client was first.</summary>
    ClientFin,

    /// <summary>Both sides have ended; the backend was first.</summary>
    BackendFin,

    /// <summary>The client has reset it.</summary>
    ClientReset,

    /// <summary>The backend has reset it.</summary>
    BackendReset,

    /// <summary>The client no longer answers: keepalive or retransmission gave up.</summary>
    ClientLost,

    /// <summary>The backend no longer answers: keepalive or retransmission gave up.</summary>
    BackendLost,

    /// <summary>No byte for longer than the idle timeout.</summary>
    Idle,

    /// <summary>Older than connections may become.</summary>
    Life,

    /// <summary>Its backend was switched off.</summary>
    Cut,

    /// <summary>Its backend drains, and the time for that is over.</summary>
    Drain,

    /// <summary>Its backend is down, and the service is to reset what it has.</summary>
    Down,

    /// <summary>The relay has ended: the service was removed, or the process ends.</summary>
    Ended,

    /// <summary>No backend that was tried could be connected to.</summary>
    ConnectFailed,

    /// <summary>There was no backend to try.</summary>
    NoBackend,

    /// <summary>All backends had their most connections for too long.</summary>
    Full,

    /// <summary>Its client has its most connections.</summary>
    SourceLimit,

    /// <summary>The process, or the kernel, had no socket left.</summary>
    NoSocket,

    /// <summary>The kernel held more of it than it may: <c>relay.engine = sockmap</c>, much both ways, and nobody reads.</summary>
    NoRoom,

    /// <summary>Its first bytes did not lead to a backend; <see cref="RelayRejection"/> says why.</summary>
    Rejected,
}
