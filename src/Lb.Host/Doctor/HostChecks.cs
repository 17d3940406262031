using System.Collections.Immutable;
using Lb.Host.Doctor.Checks;

namespace Lb.Host.Doctor;

/// <summary>All checks there are.</summary>
internal static class HostChecks
{
    public static ImmutableArray<IHostCheck> All { get; } =
    [
        new KernelVersionCheck(),
        new TypeInformationCheck(),
        new CapabilityCheck(),
        new LibraryCheck(),
        new ProgramCheck(),
        new CompilerCheck(),
        new MemoryCheck(),
        new LockedMemoryCheck(),
        new OpenFilesCheck(),
        new BpfFileSystemCheck(),
        new DirectoryCheck(),
        new DiskSpaceCheck(),
        new SiteLockCheck(),
        new AdminPortCheck(),
        new RemotePortCheck(),
        new CertificateCheck(),
        new CertificateKeyCheck(),
        new ClusterCertificateCheck(),
        new ClusterKeyCheck(),
        new ClusterClearTextCheck(),
        new ClockCheck(),
        new InterfaceStateCheck(),
        new NativeXdpCheck(),
        new XdpTargetCheck(),
        new FrameSizeCheck(),
        new OffloadCheck(),
        new ChecksumCheck(),
        new ChannelCheck(),
        new ForeignXdpCheck(),
        new ForeignFilterCheck(),
        new MtuBudgetCheck(),
        new ReversePathCheck(),
        new ForwardingIPv4Check(),
        new ForwardingIPv6Check(),
        new AcceptLocalCheck(),
        new RouteCheck(),
        new NeighbourCheck(),
        new BackendAddressCheck(),
        new VipConflictCheck(),
        new VipPlaceCheck(),
        new AnnounceCheck(),
        new ForwardChainCheck(),
        new ConntrackCheck(),
        new RelayKernelCheck(),
        new RelayPlumbingCheck(),
        new RelayLookupCheck(),
        new RelayMarkCheck(),
        new RelaySettingsCheck(),
        new RelayPortCheck(),
        new RelayLimitsCheck(),
        new RelayFirewallCheck(),
        new UnreadCheck(),
    ];
}
