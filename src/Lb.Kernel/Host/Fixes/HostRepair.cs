using Lb.Kernel.Ethtool;
using Lb.Kernel.Interop;
using Lb.Kernel.Netlink;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel.Host;

/// <summary>Makes the changes that <see cref="HostFix"/> names, in the network namespace of the calling thread.</summary>
public static class HostRepair
{
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Makes one change.</summary>
    /// <returns>Null when it was made; otherwise why not.</returns>
    public static string? Apply(HostFix fix)
    {
        try
        {
            Do(fix);
            return null;
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static void Do(HostFix fix)
    {
        switch (fix)
        {
            case HostFix.SetSysctl sysctl:
                File.WriteAllText($"/proc/sys/{sysctl.Key}", $"{sysctl.Value}");
                break;
            case HostFix.MountBpf mount:
                BpfFileSystem.Ensure(mount.Path, NullLogger.Instance);
                break;
            case HostFix.SetUp up:
                using (NetlinkSocket netlink = new())
                {
                    LinkCatalog.SetUp(netlink, up.Index);
                }

                break;
            case HostFix.Hide hide:
                string call = $"chmod({hide.Path})";
                Failure.CheckErrno(LibC.ChangeMode(hide.Path, (uint)(new FileInfo(hide.Path).UnixFileMode & ~Others)), call);
                break;
            case HostFix.TurnOff off:
                using (EthtoolSocket ethtool = new())
                {
                    ethtool.SetFeature(off.Interface, off.Offload, on: false);
                }

                break;
            default:
                throw new ArgumentException($"{fix} is no known change.", nameof(fix));
        }
    }
}
