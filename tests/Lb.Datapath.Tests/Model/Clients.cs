using System.Net;
using Lb.Kernel;

namespace Lb.Datapath.Tests.Model;

/// <summary>A client of a service, by the bits of its address that count.</summary>
internal readonly record struct ClientId(uint Service, IPAddress Client);

/// <summary>What a client keeps. Time is not part of the model, but for whether its own is over.</summary>
internal readonly record struct ClientState(uint Backend, bool IsOver = false);

/// <summary>Affinity with a timeout: clients keep their backend when the table changes.</summary>
internal sealed class Clients(World world)
{
    /// <summary>The backend that a flow's client keeps; null for none.</summary>
    public uint? Ask(ServiceEntry service, Flow flow) =>
        IsSticky(service) && Kept(IdOf(service, flow)) is { } kept ? kept : null;

    /// <summary>An established flow of the client is with a backend, and has a packet.</summary>
    public void Note(ServiceEntry service, Flow flow, uint backend)
    {
        if (!IsSticky(service))
        {
            return;
        }

        ClientId id = IdOf(service, flow);
        if (Kept(id) is null && world.SpendBudget())
        {
            world.Clients[id] = new ClientState(backend);
        }
    }

    public static ClientId IdOf(ServiceEntry service, Flow flow) =>
        new(service.Id, FlowHashModel.Masked(flow.Source, service.AffinityPrefix!.Value));

    public static bool IsSticky(ServiceEntry service) => service is { AffinityPrefix: not null, AffinityTicks: > 0 };

    private uint? Kept(ClientId id) =>
        world.Clients.TryGetValue(id, out ClientState state)
        && !state.IsOver
        && world.Backends.TryGetValue(state.Backend, out BackendEntry? backend)
        && backend.Alive
            ? state.Backend
            : null;
}
