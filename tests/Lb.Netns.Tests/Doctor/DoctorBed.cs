using Lb.Netns.Tests.Topologies;

namespace Lb.Netns.Tests.Doctor;

/// <summary>A topology without a fault, shared by tests that change nothing in it.</summary>
public sealed class DoctorBed : IDisposable
{
    // Made by the first test that runs: a class whose tests are all skipped needs no privileges.
    private readonly Lazy<Topology> _topology = new(() => Topology.WithBackends(1));

    internal Topology Topology => _topology.Value;

    public void Dispose()
    {
        if (_topology.IsValueCreated)
        {
            _topology.Value.Dispose();
        }
    }
}
