namespace Lb.Actors;

/// <summary>
/// Backends that come up slowly. Their service's owner decides on the step, by its own clock, and says it with the verdict; all
/// others go by what it says. So clocks of nodes do not matter. Whoever becomes owner goes on with the step that holds.
/// </summary>
internal sealed partial class VoteBook
{
    /// <summary>The step of a backend with a verdict, of which this node decides.</summary>
    private static (byte Step, long Since) StepOf(VotedService service, VotedBackend backend, HealthVerdict verdict, long now)
    {
        if (verdict != HealthVerdict.Up)
        {
            return (0, now);
        }

        if (backend.Held == HealthVerdict.Up)
        {
            return SlowStart.After(backend.Step, backend.StepSince, now, service.SlowStart);
        }

        return (SlowStart.Begins(backend.Held, backend.IsInitial, service.SlowStart) ? (byte)1 : (byte)0, now);
    }

    /// <summary>Services of which a next step may be due.</summary>
    private void LookForSteps()
    {
        foreach (VotedService service in _services.Values)
        {
            if (service.IsOwned && service.Backends.Values.Any(backend => backend.Step > 0))
            {
                _dirty.Add(service);
            }
        }
    }
}
