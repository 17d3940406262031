using Lb.Kernel;

namespace Lb.Testing;

/// <summary>Counters: no packet comes here, so all are zero.</summary>
public sealed partial class FakeDatapath
{
    public Traffic ReadServiceTraffic(uint service) => Read(nameof(ReadServiceTraffic), () => default(Traffic));

    public Traffic ReadBackendTraffic(uint backend) => Read(nameof(ReadBackendTraffic), () => default(Traffic));

    public IReadOnlyList<Traffic> ReadServiceTrafficBelow(uint service) =>
        Read(nameof(ReadServiceTraffic), () => new Traffic[service]);

    public IReadOnlyList<Traffic> ReadBackendTrafficBelow(uint backend) =>
        Read(nameof(ReadBackendTraffic), () => new Traffic[backend]);

    public void ResetServiceTraffic(uint service) => Write(nameof(ResetServiceTraffic), () => { });

    public void ResetBackendTraffic(uint backend) => Write(nameof(ResetBackendTraffic), () => { });
}
