using System.Net.Sockets;
using Lb.Actors;
using Lb.Host.Doctor;
using Lb.Host.Tests.Api;
using Lb.Kernel;

namespace Lb.Host.Tests.Doctor;

public sealed class FlowTableFindingTests
{
    [Fact]
    public void Only_a_table_that_gave_up_flows_lately_is_a_finding()
    {
        ServicesSnapshot site = StubSite.Snapshot with
        {
            Kernel = StubSite.Snapshot.Kernel with
            {
                FlowTables =
                [
                    new(new FlowTableUse(AddressFamily.InterNetwork, FlowTableKind.Established, 1000, 1024, 90), Lately: 0),
                    new(new FlowTableUse(AddressFamily.InterNetworkV6, FlowTableKind.Established, 1010, 1024, 90), Lately: 40),
                ],
            },
        };
        DoctorReport report = NodeFindings.AddTo(new DoctorReport("stub", 0, []), site);

        Finding finding = Assert.Single(report.Findings);
        Assert.Equal("flow-table-evicts", finding.Code);
        Assert.Equal(
            "The table of established flows of ipv6 has room for 1024 and holds 1010; between the last two self-checks the kernel gave up 40 to make room.",
            finding.What);
    }
}
