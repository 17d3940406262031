namespace Lb.Kernel;

/// <summary>What is not attached gets no packets that could be spread.</summary>
public partial class LoadedDatapath
{
    /// <inheritdoc/>
    public virtual SpreadUse? ReadSpread() => null;

    /// <inheritdoc/>
    public virtual void WriteSpread(SpreadWish wish) =>
        throw new NotSupportedException("A program that is not attached spreads nothing.");
}
