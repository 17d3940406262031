using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Programs;

/// <summary>Takes back the steps of a start that fails half-way, the last one first.</summary>
internal sealed class Undo(string site, ILogger logger) : IDisposable
{
    private readonly Stack<Action> _steps = new();
    private readonly List<IDisposable> _needed = [];

    /// <summary>Keeps open what a step needs, until this object is disposed.</summary>
    public T Need<T>(T resource)
        where T : IDisposable
    {
        _needed.Add(resource);
        return resource;
    }

    /// <summary>Remembers how a step that was done is undone.</summary>
    public void Add(Action step) => _steps.Push(step);

    /// <summary>The start succeeded: nothing is undone.</summary>
    public void Forget() => _steps.Clear();

    /// <summary>Undoes what is remembered.</summary>
    public void Dispose()
    {
        while (_steps.TryPop(out Action? step))
        {
            try
            {
                step();
            }
            catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException)
            {
                Log.UndoFailed(logger, site, e.Message);
            }
        }

        _needed.ForEach(resource => resource.Dispose());
    }
}
