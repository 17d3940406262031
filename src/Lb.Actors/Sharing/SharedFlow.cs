using System.Net;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>A flow entry as nodes tell each other of it, by what is equal on all of them.</summary>
/// <param name="Service">The service, as <see cref="VoteHash"/> numbers it.</param>
/// <param name="Backend">The backend, as <see cref="VoteHash"/> numbers it.</param>
/// <param name="Client">The client's address.</param>
/// <param name="Port">The client's port.</param>
/// <param name="Idle">Time since its last packet, as far as the teller knows.</param>
/// <param name="Opened">Its SYN was seen: the entry counts more than one that follows from the slot alone.</param>
internal readonly record struct SharedFlow(
    ulong Service, ulong Backend, IPAddress Client, ushort Port, TimeSpan Idle, bool Opened)
{
    /// <summary>The five-tuple, of a service.</summary>
    public Flow Of(Endpoint vip) => new(Client, Port, vip.Address, vip.Port, vip.Protocol);
}
