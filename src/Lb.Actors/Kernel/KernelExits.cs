using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Finds interfaces that backends are reached by and that the program is not attached to.</summary>
internal static class KernelExits
{
    /// <summary>
    /// Their indexes. Most drivers drop what native XDP of another interface sends to one without a program, and no
    /// counter shows it; what generic XDP sends goes out by any interface.
    /// </summary>
    /// <remarks>
    /// A relay's connections leave by the host's stack, and what traffic control forwards by any interface, whatever that carries.
    /// </remarks>
    public static IReadOnlyList<int> Unlisted(KernelState held, IReadOnlyList<Attachment> attachments)
    {
        HashSet<uint> others = [.. held.Services.Values
            .Where(service => service.ByTc || (service.Mode == ForwardingMode.Tproxy
                && (service.Relay & (RelayFlags.OlderNat | RelayFlags.OlderIpip | RelayFlags.FullNat)) == RelayFlags.None))
            .Select(service => service.Id)];
        return attachments.Any(attachment => attachment.Native)
            ? [.. held.Backends.Values
                .Where(backend => !others.Contains(backend.Service))
                .Select(backend => backend.NextHop)
                .OfType<NextHop>()
                .Select(hop => hop.InterfaceIndex)
                .Except(attachments.Select(attachment => attachment.InterfaceIndex))
                .Order()]
            : [];
    }
}
