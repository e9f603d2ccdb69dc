using System.Buffers.Binary;
using Sigmatiq.Backtest.Fills;
using Sigmatiq.Store.Content;

namespace Sigmatiq.Backtest.Trials;

/// <summary>What a combo did on one snapshot, as a hash over its trades: bars, prices and reasons of entries and exits, quantity left out
/// (02 §2.4). Sizes, names and versions of packs do not enter it, so none of them makes a second trial of a first.</summary>
internal static class BehaviourKey
{
    private const int BytesPerTrade = 25;

    public static string Of(TradePath path)
    {
        byte[] bytes = new byte[path.Count * BytesPerTrade];
        for (int i = 0; i < path.Count; i++)
        {
            Span<byte> trade = bytes.AsSpan(i * BytesPerTrade);
            BinaryPrimitives.WriteInt32LittleEndian(trade, path.EntryBar[i]);
            BinaryPrimitives.WriteInt32LittleEndian(trade[4..], path.ExitBar[i]);
            BinaryPrimitives.WriteDoubleLittleEndian(trade[8..], path.EntryPrice[i]);
            BinaryPrimitives.WriteDoubleLittleEndian(trade[16..], path.ExitPrice[i]);
            trade[24] = (byte)path.Reason[i];
        }

        return ContentHash.Of(bytes).Hex;
    }
}
