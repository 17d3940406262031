using Lb.Host.Running;

namespace Lb.Host.Tests.Running;

public sealed class OrderlyLeaveTests
{
    /// <summary>Other releases read these bytes.</summary>
    [Fact]
    public void The_message_is_these_bytes_and_what_later_versions_add_comes_behind()
    {
        byte[] bytes = OrderlyLeave.Write(0x0102030405060708);
        Assert.Equal("010102030405060708", Convert.ToHexString(bytes));
        Assert.Equal(0x0102030405060708, OrderlyLeave.Read([.. bytes, 99]));
        Assert.Null(OrderlyLeave.Read([2, .. bytes[1..]]));
        Assert.Null(OrderlyLeave.Read(bytes.AsSpan(..^1)));
        Assert.Null(OrderlyLeave.Read([]));
    }
}
