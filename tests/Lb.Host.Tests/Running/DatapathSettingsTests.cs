using Lb.Host.Configuration;
using Lb.Host.Running;

namespace Lb.Host.Tests.Running;

public sealed class DatapathSettingsTests
{
    [Theory]
    [InlineData(1024)]
    [InlineData(65_536)]
    public void Node_may_hold_every_vip_beside_its_own_addresses(int services)
    {
        LoadedConfig config = ConfigLoader.LoadText(
            $"lb {{ interfaces = [eth0], kernel.max-services = {services} }}", "test").Config!;

        Assert.True(config.Node.ToDatapathOptions().Sizes.Direct > services + 1024);
    }
}
