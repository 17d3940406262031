namespace Lb.Host.Doctor.Checks;

/// <summary>The process may have enough files open.</summary>
internal sealed class OpenFilesCheck : IHostCheck
{
    /// <summary>Some 290 of the runtime and its assemblies, 90 maps and programs, netlink, log and callers of the API.</summary>
    private const ulong Base = 512;

    /// <summary>How many it needs without relays: every backend may be probed at the same moment.</summary>
    public static ulong NeededBy(Examination host) =>
        Base + (ulong)host.Site.Services.Values.Sum(service => service.Backends.Count);

    public IEnumerable<Finding> Examine(Examination host)
    {
        ulong needed = NeededBy(host);
        if (host.Facts.Process.OpenFiles is { } limit && limit < needed)
        {
            yield return Finding.Error(
                "open-files",
                "RLIMIT_NOFILE",
                $"This process may have {limit} files open; the site needs up to {needed}.",
                "Health checks fail for want of sockets, and good backends are taken for dead.",
                "set LimitNOFILE=65536 in lbd's unit, or ulimit -n 65536");
        }
    }
}
