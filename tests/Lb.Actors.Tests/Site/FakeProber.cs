using System.Collections.Concurrent;
using System.Net;

namespace Lb.Actors.Tests;

/// <summary>Backends that are up, down, flapping or silent as told; up unless told.</summary>
internal sealed class FakeProber : IProber
{
    private readonly ConcurrentDictionary<IPAddress, Func<int, bool?>> _answers = [];
    private readonly ConcurrentDictionary<IPAddress, int> _probes = [];

    public Task<ProbeResult> ProbeAsync(IPEndPoint target, HealthCheck check, CancellationToken cancellation)
    {
        int count = _probes.AddOrUpdate(target.Address, 1, (_, probes) => probes + 1);
        return (_answers.TryGetValue(target.Address, out Func<int, bool?>? answer) ? answer(count) : true) switch
        {
            true => Task.FromResult(new ProbeResult(true, "connected")),
            false => Task.FromResult(new ProbeResult(false, "connection refused")),
            null => SilenceAsync(cancellation),
        };
    }

    public int Probes(int backend) => _probes.GetValueOrDefault(Configs.Address(backend));

    public void Up(int backend) => _answers[Configs.Address(backend)] = _ => true;

    public void Down(int backend) => _answers[Configs.Address(backend)] = _ => false;

    public void Silent(int backend) => _answers[Configs.Address(backend)] = _ => null;

    public void Flap(int backend) => _answers[Configs.Address(backend)] = count => count % 2 == 0;

    private static async Task<ProbeResult> SilenceAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return default;
    }
}
