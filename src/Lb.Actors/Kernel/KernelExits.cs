using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Finds interfaces that backends are reached by and that the program is not attached to.</summary>
internal static class KernelExits
{
    /// <summary>
    /// Their indexes. Most drivers drop what native XDP of another interface sends to one without a program, and no
    /// counter shows it; what generic XDP sends goes out by any interface.
    /// </summary>
    public static IReadOnlyList<int> Unlisted(KernelState held, IReadOnlyList<Attachment> attachments) =>
        attachments.Any(attachment => attachment.Native)
            ? [.. held.Backends.Values
                .Select(backend => backend.NextHop)
                .OfType<NextHop>()
                .Select(hop => hop.InterfaceIndex)
                .Except(attachments.Select(attachment => attachment.InterfaceIndex))
                .Order()]
            : [];
}
