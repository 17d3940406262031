namespace Lb.Kernel;

/// <summary>Carries connections and datagrams of services in user space, on threads of its own.</summary>
public interface IRelayEngine : IDisposable
{
    /// <summary>Connections of services that are logged; null for an engine that logs none.</summary>
    IRelayFlowLog? FlowLog { get; }

    /// <summary>Listens for a service and relays what is accepted.</summary>
    /// <param name="vip">The service; the address need not be one of the host.</param>
    /// <param name="settings">How it is relayed.</param>
    /// <param name="table">Where to.</param>
    /// <exception cref="KernelException">The kernel refuses the socket.</exception>
    IRelay Listen(Endpoint vip, RelaySettings settings, RelayTable table);
}

/// <summary>The relay of one service. Calls are short, from one thread at a time.</summary>
/// <remarks>Disposing ends it: it accepts nothing more, and connections that it has are reset.</remarks>
public interface IRelay : IDisposable
{
    /// <summary>Takes other settings and another table: for connections that are accepted from now on.</summary>
    /// <remarks>Connections that are open stay, except those to a backend that the table cuts off.</remarks>
    void Use(RelaySettings settings, RelayTable table);

    /// <summary>Is called, on any thread, when a backend is ejected.</summary>
    Action<RelayEjection>? Ejected { get; set; }

    /// <summary>Reads the counters.</summary>
    RelayReport Read();
}
