"""How good questions are before anybody has answered them: giveaways, and simulated test-takers.

`surface` reads what an option looks like; `takers` lets four people who do not exist answer;
`giveaways` names what hands the answer over; `report` puts a bank's figures together.
"""

from crossings.items.quality.giveaways import Flaw, flaws
from crossings.items.quality.report import BankReport, ItemReport, report
from crossings.items.quality.takers import TAKERS, Taker

__all__ = ["TAKERS", "BankReport", "Flaw", "ItemReport", "Taker", "flaws", "report"]
